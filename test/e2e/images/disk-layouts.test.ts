import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeArchitecture } from '../../../src/host/architecture.js';
import { typeOf } from '../../support/disk-images.js';
import { confext, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine, onMachine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree, device, directory, symlink } from '../../support/tree.js';
import { until } from '../../support/until.js';
import { addDdi, addDisk, describeWithDdis, filesOf, imageStatus, PLACE, partsOf } from './ddi.js';

const USR = typeOf('usr', 'data', nativeArchitecture());

/** What is in a usr partition. */
const usrFiles = (name: string) => ({
  [`lib/extension-release.d/extension-release.${name}`]: 'ID=_any\n',
  [`share/${name}`]: `${name}\n`,
});

describeWithDdis('disk images with partitions', () => {
  /** Of each kind one. */
  let machine: Machine;
  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    for (const format of ['erofs', 'squashfs', 'ext4'] as const)
      addDdi(machine, `${PLACE}/${format}.raw`, filesOf(format), { format });
    addDdi(machine, `${PLACE}/usr-only.raw`, filesOf('usr-only'), { hierarchy: 'usr' });
    addDdi(machine, `${PLACE}/large-sectors.raw`, filesOf('large-sectors'), { sectorSize: 4096 });
    addDisk(machine, `${PLACE}/both.raw`, [
      { files: { usr: directory(), 'opt/both': 'both\n' } },
      { type: USR, files: usrFiles('both') },
    ]);
    addDdi(machine, `${PLACE}/damaged.raw`, filesOf('damaged'), { format: 'squashfs' });
    const damaged = join(machine.root, PLACE, 'damaged.raw');
    const { bytes } = partsOf(damaged);
    writeFileSync(damaged, bytes.fill(0, 512, 1024));
    for (const version of ['1.9', '1.10'])
      addDdi(
        machine,
        `${PLACE}/app.raw.v/app_${version}.raw`,
        sysextTree('app', { files: { 'opt/app': `${version}\n` } }),
        { format: 'squashfs' },
      );
  });
  afterAll(() => machine.close());

  const NAMES = ['both', 'damaged', 'erofs', 'ext4', 'large-sectors', 'squashfs'];

  test('are merged, told of, refreshed and unmerged, and let go of their loop devices', async () => {
    const before = machine.state();
    expect(succeeded(await machine.call('merge --log-level=warning')).stderr).toBe('');
    for (const name of [...NAMES, 'usr-only']) expect(machine.read(`usr/share/${name}`)).toBe(`${name}\n`);
    for (const name of NAMES) expect(machine.read(`opt/${name}`)).toBe(`${name}\n`);
    expect(machine.read('opt/usr-only')).toBeNull();
    expect(machine.read('opt/app')).toBe('1.10\n');
    expect(machine.read('usr/bin/host')).toBe('from the host\n');
    expect(machine.state().run).toEqual([]);
    // One for each file system.
    expect(machine.state().loops).toHaveLength(9);

    expect(await imageStatus(machine, 'both')).toEqual({
      name: 'both',
      path: `/${PLACE}/both.raw`,
      version: null,
      format: 'gpt',
      partitions: ['root', 'usr'],
      protection: 'unprotected',
      rootHash: null,
      loopDevices: [expect.stringMatching(/^\/dev\/loop\d+$/), expect.stringMatching(/^\/dev\/loop\d+$/)],
    });
    expect(await imageStatus(machine, 'app')).toMatchObject({ version: '1.10', partitions: ['root'] });
    expect(await imageStatus(machine, 'usr-only')).toMatchObject({ partitions: ['usr'] });
    expect(succeeded(await machine.call('status --verbose')).stdout).toMatch(
      /^ +both +- +gpt +root,usr +unprotected +- +\/dev\/loop\d+,\/dev\/loop\d+ *$/m,
    );

    expect(succeeded(await machine.call('refresh')).stderr).toContain('no change was found');
    succeeded(await machine.call('refresh --always-refresh=yes'));
    expect(machine.read('usr/share/both')).toBe('both\n');
    await until('the former loop devices to go', () => machine.state().loops.length === 9);

    succeeded(await machine.call('unmerge'));
    await machine.expectState(before);
  });

  test('are told of by list before they are merged', async () => {
    const listed = JSON.parse(succeeded(await machine.call('list --json=short')).stdout) as object[];
    const facts = { protection: null, rootHash: null, loopDevices: [], format: 'gpt' };
    expect(listed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...facts, name: 'both', partitions: ['root', 'usr'], version: null }),
        expect.objectContaining({ ...facts, name: 'app', partitions: ['root'], version: '1.10' }),
        expect.objectContaining({ ...facts, name: 'damaged', partitions: ['root'] }),
        expect.objectContaining({ ...facts, name: 'usr-only', partitions: ['usr'] }),
      ]),
    );
    const { stdout } = succeeded(await machine.call('list --verbose'));
    expect(stdout).toMatch(/^NAME .*VERSION +FORMAT +PARTITION +PROTECTION +ROOT HASH +LOOP DEVICE$/m);
    expect(stdout).toMatch(/^app .* 1\.10 +gpt +root +- +- +-$/m);
  });

  test('of a configuration extension are merged into /etc', async () => {
    await onMachine({ tree: { ...HOST, 'etc/host': 'h\n', ...confext('dir') } }, async (other) => {
      const files = {
        'etc/extension-release.d/extension-release.conf': 'ID=_any\n',
        'etc/conf.d/file': 'conf\n',
      };
      addDdi(other, 'var/lib/confexts/conf.raw', files, { class: 'confext' });
      const before = other.state();
      succeeded(await other.call('merge', { as: 'confext' }));
      expect(other.read('etc/conf.d/file')).toBe('conf\n');
      expect(other.read('etc/host')).toBe('h\n');
      expect(other.mounts().map(({ options }) => options)).toEqual([
        expect.arrayContaining(['ro', 'nosuid', 'nodev', 'noexec']),
      ]);
      succeeded(await other.call('unmerge', { as: 'confext' }));
      await other.expectState(before);
    });
  });

  test('on a block device are merged from it, which stays', async () => {
    await onMachine({ tree: HOST }, async (other) => {
      addDdi(other, '../disk', filesOf('disk'));
      const image = join(other.directory, 'disk');
      const loop = (await other.namespace.must(['losetup', '--find', '--show', '--read-only', image])).trim();
      try {
        const node = device('b', 7, Number(loop.slice('/dev/loop'.length)));
        buildTree(other.root, { [`${PLACE}/disk`]: node });
        const before = other.state();
        succeeded(await other.call('merge'));
        expect(other.read('opt/disk')).toBe('disk\n');
        expect(await imageStatus(other, 'disk')).toMatchObject({ format: 'gpt', partitions: ['root'] });
        succeeded(await other.call('unmerge'));
        await other.expectState(before);
        // Not even the partition on it is attached any more.
        await until('the loop device of the partition to go', async () => {
          const { stdout } = await other.namespace.run([
            'losetup',
            '--list',
            '--noheadings',
            '--output=BACK-FILE',
          ]);
          return !stdout.split('\n').some((line) => line.trim() === loop || line.includes(`${PLACE}/disk`));
        });
      } finally {
        await other.namespace.must(['losetup', '--detach', loop]);
      }
      await until('the loop device to go', () => other.state().loops.length === 0);
    });
  });

  describe.each([
    ['missing', {}],
    ['a symlink to /etc', { usr: symlink('/etc') }],
    ['a symlink out of the image', { usr: symlink('../../../../../../../../usr') }],
    ['a symlink to another directory', { usr: symlink('opt') }],
    ['a file', { usr: 'file' }],
  ])('with a usr partition, but usr in the root partition is %s', (_, usr) => {
    test('are refused in one sentence, and nothing is mounted anywhere', async () => {
      await onMachine({ tree: HOST }, async (other) => {
        addDisk(other, `${PLACE}/evil.raw`, [
          { files: { 'opt/evil': 'evil\n', ...usr } },
          { type: USR, files: usrFiles('evil') },
        ]);
        const before = other.state();
        const line = failedWith(await other.call('merge --log-level=warning'));
        expect(line).toContain(`Cannot use image 'evil' (${other.root}/${PLACE}/evil.raw): `);
        expect(line).toContain(
          'in its root partition there is no directory /usr to mount it on; make the image anew',
        );
        expect(line).toMatch(/Nothing was changed\.$/);
        await other.expectState(before);
        // Good ones beside it were mounted already.
        addDdi(other, `${PLACE}/good.raw`, filesOf('good'), { format: 'squashfs' });
        const beside = other.state();
        failedWith(await other.call('merge --force --log-level=warning'));
        await other.expectState(beside);
        rmSync(join(other.root, PLACE, 'evil.raw'));
        succeeded(await other.call('merge'));
      });
    });
  });
});
