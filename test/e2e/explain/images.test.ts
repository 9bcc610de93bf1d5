import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { readExplained } from '../../support/explain-schema.js';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { DDI_TOOLS, findRepart, makeDdi, NO_REPART } from '../../support/make-ddi.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { buildTree } from '../../support/tree.js';

const missing =
  process.getuid?.() === 0 ? provide({ mksquashfs: 'squashfs-tools' }) : 'only root mounts images';
const missingDdi = missing ?? provide(DDI_TOOLS) ?? (findRepart() === null ? NO_REPART : null);
const reason = (what: string | null) => (what === null ? '' : ` (${what})`);

(missing === null ? describe : describe.skip)(`disk images${reason(missing)}`, () => {
  let machine: Machine;
  let temporary: string;
  beforeAll(async () => {
    machine = await Machine.open({ tree: { ...HOST, ...extension('good') } });
    temporary = join(machine.directory, 'temporary');
    mkdirSync(temporary);
    machine.addImage('squashfs', 'var/lib/extensions/bare.raw', sysextTree('bare'));
    await machine.namespace.must(['chmod', '--recursive', 'a+rX', machine.directory]);
    chmodSync(temporary, 0o1777);
  });
  afterAll(() => machine.close());

  /** Has the program explain, by way of other programs; nothing of it stays. */
  async function explain(words: readonly string[], by: readonly string[] = []): Promise<Finished> {
    const before = machine.state();
    const command = [...by, ...programCommand(), `--root=${machine.root}`, 'explain', ...words];
    const finished = await machine.namespace.run(command, { env: { ...ENVIRONMENT, TMPDIR: temporary } });
    await machine.expectState(before);
    expect(readdirSync(temporary)).toEqual([]);
    return finished;
  }

  test('they are looked into', async () => {
    const { status, stdout, stderr } = await explain(['--json=short']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readExplained(stdout).candidates).toMatchObject([
      { name: 'bare', type: 'raw', verdicts: [{ fate: 'merged' }], notes: [] },
      { name: 'good', type: 'directory' },
    ]);
  });

  (missingDdi === null ? test : test.skip)(`a partition with a hash tree${reason(missingDdi)}`, async () => {
    const tree = join(machine.directory, 'tree');
    const release = 'ID=debian\nVERSION_ID=12\n';
    buildTree(tree, sysextTree('disk', { release, files: { 'opt/disk': '' } }));
    const file = join(machine.directory, 'disk.raw');
    makeDdi(file, { tree, verity: true });
    const { status, stdout } = await explain([file]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/VERSION_ID +12 +13 +no/);
    expect(stdout).toMatch(/Checked all \d+ bytes of 'disk'|The kernel checks 'disk'/);
  });

  test('the image policy counts as for a merge', async () => {
    const { status, stdout } = await explain(['bare', '--image-policy=root=verity']);
    expect(status).toBe(1);
    expect(stdout).toContain("Why not: the image policy 'root=verity' refuses it: ");
  });

  test.each([
    ['an ordinary user', ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'], 'needs privileges'],
    [
      'root of a user namespace, where there are no loop devices',
      [
        ...['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
        ...['unshare', '--user', '--map-root-user', '--mount'],
      ],
      'What to do: ',
    ],
  ])('to %s it cannot be told of images, but of directories', async (_, by, words) => {
    const { status, stdout } = await explain([], by);
    expect(status).toBe(2);
    expect(stdout).toMatch(/bare may or may not be merged: that cannot be told\./);
    expect(stdout).toContain(words);
    expect(stdout).toContain('good would be merged.');
    expect((await explain(['good'], by)).status).toBe(0);
    const { stdout: json } = await explain(['--json=short'], by);
    expect(readExplained(json).candidates[0]!.verdicts).toMatchObject([{ fate: 'untold' }]);
  });

  test('that an image is refused is known without privileges', async () => {
    const by = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const { status, stdout } = await explain(['bare', '--image-policy=root=verity'], by);
    expect({ status, stdout }).toMatchObject({ status: 1, stdout: expect.stringContaining('refuses it') });
  });

  test('what only root may read cannot be told to others', async () => {
    const by = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const file = 'var/lib/extensions/good/usr/lib/extension-release.d/extension-release.good';
    chmodSync(join(machine.root, file), 0o600);
    try {
      expect(await explain(['good'], by)).toMatchObject({
        status: 2,
        stdout: expect.stringContaining('you may not look into it'),
      });
    } finally {
      chmodSync(join(machine.root, file), 0o644);
    }
  });
});
