import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { nativeArchitecture } from '../../../src/host/architecture.js';
import { flipped, makeTree, noise } from '../../images/verity/make-tree.js';
import { typeOf } from '../../support/disk-images.js';
import { extension, HOST } from '../../support/fixtures.js';
import { readInspected } from '../../support/inspect-schema.js';
import { Machine } from '../../support/machine.js';
import { makeImage } from '../../support/make-images.js';
import type { Finished } from '../../support/namespace.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { directory, file } from '../../support/tree.js';
import { addDdi, addDisk, describeWithDdis, filesOf, PLACE, partsOf, withSource } from './ddi.js';

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const HOME = '933ac7e1-2eb4-4f13-b844-0e14e2aef915';

type Report = Readonly<Record<string, unknown>>;

describeWithDdis('inspect', () => {
  let machine: Machine;
  let temporary: string;
  let before: ReturnType<Machine['state']>;
  let rootHash: string | null;
  let bareHash: string;
  const path = (name: string) => join(machine.root, PLACE, name);

  beforeAll(async () => {
    machine = await Machine.open({ tree: { ...HOST, ...extension('dir', { files: { 'opt/dir': 'x' } }) } });
    chmodSync(machine.directory, 0o755);
    temporary = join(machine.directory, 'temporary');
    mkdirSync(temporary);
    chmodSync(temporary, 0o777);
    withSource(machine, filesOf('bare'), (source) => makeImage('squashfs', source, path('bare.raw')));
    const made = makeTree(readFileSync(path('bare.raw')));
    bareHash = made.rootHash.toString('hex');
    writeFileSync(path('bare.verity'), made.tree);
    writeFileSync(path('bare.roothash'), bareHash);
    ({ rootHash } = addDdi(
      machine,
      `${PLACE}/safe.raw`,
      { ...filesOf('safe'), 'usr/share/noise': file(noise(20_000)) },
      { verity: true },
    ));
    addDisk(machine, `${PLACE}/both.raw`, [
      { type: HOME, label: 'home' },
      { files: { usr: directory(), 'opt/both': 'both\n' }, label: 'both_1' },
      {
        type: typeOf('usr', 'data', nativeArchitecture()),
        files: { 'lib/extension-release.d/extension-release.both': 'ID=_any\n', 'share/both': 'both\n' },
      },
    ]);
    const { bytes, chosen } = partsOf(path('safe.raw'));
    writeFileSync(path('evil.raw'), flipped(bytes, (Number(chosen.verity!.offset) + 4096 + 1) * 8));
    writeFileSync(path('text.raw'), 'Not Found\n');
    copyFileSync(path('bare.raw'), path('linked.raw'));
    writeFileSync(path('linked.verity'), made.tree);
    symlinkSync('/hashes/linked', path('linked.roothash'));
    mkdirSync(join(machine.root, 'hashes'));
    writeFileSync(join(machine.root, 'hashes/linked'), bareHash);
    before = machine.state();
  });
  afterEach(async () => {
    // Not even where its mounts were.
    expect(readdirSync(temporary)).toEqual([]);
    await machine.expectState(before);
  });
  afterAll(() => machine.close());

  const inspect = (words: readonly string[], as: readonly string[] = []): Promise<Finished> =>
    machine.namespace.run([...as, ...programCommand(), `--root=${machine.root}`, 'inspect', ...words], {
      env: { ...ENVIRONMENT, TMPDIR: temporary },
    });
  const text = async (name: string, as: readonly string[] = []) =>
    succeeded(await inspect([path(name)], as)).stdout;
  const json = async (name: string, as: readonly string[] = []): Promise<Report> => {
    const { status, stdout } = await inspect([path(name), '--json=short'], as);
    return { status, ...readInspected(stdout) };
  };
  const usr = (files: number, directories: number) =>
    expect.objectContaining({ hierarchy: '/usr', files, directories, unreadable: 0, more: false });
  const released = (name: string) => [
    {
      class: 'sysext',
      releaseFile: `/usr/lib/extension-release.d/extension-release.${name}`,
      state: 'found',
      fields: { ID: '_any' },
      others: [],
    },
  ];

  test('a directory', async () => {
    const expected = { name: 'dir', type: 'directory', format: 'directory', size: null, problem: null };
    for (const as of [[], NOBODY]) {
      expect(await json('dir', as)).toMatchObject({ status: 0, ...expected, extensions: released('dir') });
      expect(await text('dir', as)).toMatch(
        /^Format: +directory\nOS extension: .*extension-release\.dir: ID=_any$/m,
      );
    }
  });

  test('a file system with a hash tree beside it', async () => {
    const { length } = readFileSync(path('bare.raw'));
    expect(await json('bare.raw')).toMatchObject({
      status: 0,
      name: 'bare',
      type: 'raw',
      size: length,
      format: 'squashfs',
      sectorSize: null,
      partitions: [],
      fileSystems: [{ designator: 'root', partition: null, type: 'squashfs' }],
      rootHashes: [{ designator: 'root', rootHash: bareHash }],
      problem: null,
      protection: 'verity',
      extensions: released('bare'),
      hierarchies: [usr(2, 3), expect.objectContaining({ hierarchy: '/opt', files: 1 })],
    });
    const said = await text('bare.raw');
    expect(said).toMatch(new RegExp(`^Format: +squashfs file system\nSize: +${length} bytes$`, 'm'));
    expect(said).toContain(
      `${bareHash} (in '/${PLACE}/bare.roothash')`.replace('/var', `${machine.root}/var`),
    );
    expect(said).toMatch(/^Protection: +verity: all \d+ bytes checked$/m);
  });

  test('a disk image with a hash tree', async () => {
    const { chosen } = partsOf(path('safe.raw'));
    expect(await json('safe.raw')).toMatchObject({
      status: 0,
      format: 'gpt',
      sectorSize: 512,
      partitions: [
        { number: 1, purpose: expect.stringMatching(/^root for /), uuid: chosen.data.uuid, used: true },
        { number: 2, purpose: expect.stringMatching(/^root verity for /), used: true, passedOver: null },
      ],
      fileSystems: [{ designator: 'root', partition: 1, type: 'erofs' }],
      rootHashes: [{ designator: 'root', rootHash }],
      protection: 'verity',
    });
    const said = await text('safe.raw');
    expect(said).toMatch(/^Partition 1: +root for .*; used: erofs file system/m);
    expect(said).toMatch(/^Partition 2: +root verity for .*; hash tree of partition 1$/m);
    expect(said).toContain(`${rootHash} (in the UUIDs of the partitions)`);
  });

  test('a disk image with root and usr partition, and one that is passed over', async () => {
    expect(await json('both.raw')).toMatchObject({
      status: 0,
      partitions: [
        {
          number: 1,
          purpose: 'home',
          label: 'home',
          used: false,
          passedOver: expect.stringContaining('no use'),
        },
        { number: 2, label: 'both_1', used: true },
        { number: 3, used: true },
      ],
      fileSystems: [
        { designator: 'root', partition: 2 },
        { designator: 'usr', partition: 3 },
      ],
      protection: 'unprotected',
      extensions: released('both'),
      hierarchies: [usr(2, 3), expect.objectContaining({ hierarchy: '/opt', files: 1 })],
    });
    expect(await text('both.raw')).toMatch(/^Partition 3: .*; used as \/usr: squashfs file system$/m);
  });

  test('images by somebody who may not mount: what can be read in them', async () => {
    expect(await json('safe.raw', NOBODY)).toMatchObject({
      status: 0,
      format: 'gpt',
      rootHashes: [{ designator: 'root', rootHash }],
      protection: null,
      extensions: null,
      hierarchies: null,
    });
    expect(await text('both.raw', NOBODY)).toMatch(/^Files: +can be seen by root only/m);
    chmodSync(path('safe.raw'), 0o600);
    const { status, stderr } = await inspect([path('safe.raw')], NOBODY);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('permission denied') });
    chmodSync(path('safe.raw'), 0o644);
  });

  test('what cannot be used, which is an exit status of 1', async () => {
    expect(await json('evil.raw')).toMatchObject({
      status: 1,
      format: 'gpt',
      problem: { kind: 'part', problem: expect.stringMatching(/content is not what its root hash is for/) },
      protection: null,
    });
    expect(await json('text.raw')).toMatchObject({
      status: 1,
      format: null,
      problem: { kind: 'text', problem: 'it is a text file' },
    });
    expect(await json('text.raw', NOBODY)).toMatchObject({ status: 1, problem: { kind: 'text' } });
    const { status, stdout } = await inspect([path('evil.raw')]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^Cannot be used: +its content is not what its root hash is for; .+\.$/m);
  });

  test('an installed image by its name, and what there is not', async () => {
    expect(succeeded(await inspect(['safe'])).stdout).toContain(path('safe.raw'));
    const { status, stderr } = await inspect(['nothing']);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("There is no file 'nothing'"),
    });
  });

  test('what belongs to an image below a root is looked for below that root', async () => {
    for (const words of [['linked'], [path('linked.raw')]]) {
      const { stdout } = succeeded(await inspect([...words, '--json=short']));
      expect(readInspected(stdout)).toMatchObject({
        rootHashes: [{ designator: 'root', rootHash: bareHash }],
        protection: 'verity',
      });
      succeeded(await machine.call(['policy', 'root=verity', `--image=${words[0]}`]));
    }
  });

  test('list asks for the attributes of all images at once', async () => {
    const faults = machine.faults();
    const { stdout } = succeeded(await machine.call('list --json=short', { faults }));
    const hashes = Object.fromEntries(
      (JSON.parse(stdout) as { name: string; rootHash: string | null }[]).map((one) => [
        one.name,
        one.rootHash,
      ]),
    );
    expect(hashes).toMatchObject({
      safe: rootHash,
      linked: bareHash,
      bare: bareHash,
      both: null,
      text: null,
    });
    expect(faults.calls()).toEqual([expect.stringMatching(/^getfattr /)]);
  });

  describe('policy --image=', () => {
    const judge = (policy: string, name: string, as: readonly string[] = []) =>
      machine.namespace.run(
        [...as, ...programCommand(), `--root=${machine.root}`, 'policy', policy, `--image=${path(name)}`],
        { env: { ...ENVIRONMENT, TMPDIR: temporary } },
      );

    test.each<[string, string, number, RegExp]>([
      ['root=verity', 'safe.raw', 0, /Used if all data fits the hash tree, whoever made it\./],
      ['root=signed', 'safe.raw', 1, /Refused: root is .*, and must be signed\./],
      ['root=unprotected', 'bare.raw', 1, /Refused: root is .*, and must be unprotected\./],
      ['root=unprotected:usr=unprotected', 'both.raw', 0, /Root: used as it is.*; usr: used as it is/],
      [
        'root=unprotected:home=absent',
        'both.raw',
        1,
        /Refused: there is a partition home, and the policy allows none/,
      ],
      ['root=signed', 'dir', 0, /Used; image policies are not about directories\./],
    ])('%s for %s', async (policy, name, status, says) => {
      for (const as of [[], NOBODY]) {
        const finished = await judge(policy, name, as);
        expect(finished).toMatchObject({ status, stderr: '', stdout: expect.stringMatching(says) });
        expect(finished.stdout).toContain(`Image policy '${policy}', as given, for '${path(name)}':`);
      }
      // What it foretells is what happens.
      if (name === 'dir') return;
      const merged = await machine.call(['merge', `--image-policy=${policy}`, '--force']);
      const about = merged.stderr
        .split('\n')
        .filter((line) => line.includes(`'${name.replace('.raw', '')}'`));
      expect(about.some((line) => line.includes('the image policy'))).toBe(status === 1);
    });

    test('as JSON, and for what is no image', async () => {
      const { stdout } = succeeded(
        await machine.call(['policy', 'root=verity', `--image=${path('safe.raw')}`, '--json=short']),
      );
      expect(JSON.parse(stdout)).toMatchObject({ policy: 'root=verity', verdict: 'accepted', name: 'safe' });
      const { status, stderr } = await judge('root=verity', 'text.raw');
      expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('it is a text file') });
    });
  });
});
