import { statSync } from 'node:fs';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { programCommand } from '../../support/program.js';
import { changeTree, directory } from '../../support/tree.js';

const isRoot = process.getuid?.() === 0;

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({
    tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n', 'usr/share/a': 'a\n' } }) },
  });
});
afterEach(() => machine.close());

const merges = () =>
  machine
    .mounts()
    .map(({ mountPoint }) => mountPoint.slice(machine.root.length))
    .sort();

test.each([
  ['0700', { mode: 0o700 }],
  ['0751', { mode: 0o751 }],
  ['setgid', { mode: 0o2775 }],
  ['sticky', { mode: 0o1777 }],
  ['of another owner', { mode: 0o750, uid: 1234, gid: 5678 }],
])(
  'a merged hierarchy has the mode and owner of the host directory: %s',
  async (_, attributes: { mode: number; uid?: number; gid?: number }) => {
    if (attributes.uid !== undefined && !isRoot) return;
    changeTree(machine.root, { add: { opt: directory(attributes), usr: directory(attributes) } });
    succeeded(await machine.call('merge'));
    for (const hierarchy of ['opt', 'usr']) {
      const { mode, uid, gid } = statSync(machine.at(hierarchy));
      const { uid: ownUid, gid: ownGid } = statSync(machine.root);
      expect({ mode: mode & 0o7777, uid, gid }).toEqual({ uid: ownUid, gid: ownGid, ...attributes });
    }
  },
);

test('a mode that the umask of the caller would forbid is kept', async () => {
  const script = 'umask 077; exec "$@"';
  succeeded(
    await machine.namespace.run([
      'sh',
      '-c',
      script,
      'sh',
      ...programCommand(),
      `--root=${machine.root}`,
      'merge',
    ]),
  );
  expect(statSync(machine.at('usr/.systemd-sysext')).mode & 0o777).toBe(0o755);
  expect(statSync(machine.at('usr/.systemd-sysext/dev')).mode & 0o777).toBe(0o644);
});

test('the metadata directory tells what is merged, from where, and on which device', async () => {
  succeeded(await machine.call('merge'));
  for (const hierarchy of ['usr', 'opt']) {
    const mount = machine.mounts().find(({ mountPoint }) => mountPoint === `${machine.root}/${hierarchy}`)!;
    expect(machine.read(`${hierarchy}/.systemd-sysext/dev`)).toBe(`${mount.device}\n`);
    expect(machine.read(`${hierarchy}/.systemd-sysext/extensions`)).toBe('a\n');
    expect(JSON.parse(machine.read(`${hierarchy}/.systemd-sysext/origin`)!)).toMatchObject({
      extensions: { a: { path: '/var/lib/extensions/a' } },
    });
  }
});

test('backing is the block device of the host directory, and is not there where it has none', async () => {
  const { namespace, root } = machine;
  await namespace.must(['mount', '-t', 'tmpfs', 'tmpfs', `${root}/opt`]);
  await namespace.must(['touch', `${root}/opt/host`]);
  const device = (
    await namespace.must(['findmnt', '--noheadings', '--output=MAJ:MIN', '--target', `${root}/usr`])
  ).trim();
  succeeded(await machine.call('merge'));
  expect(machine.read('opt/.systemd-sysext/backing')).toBeNull();
  expect(machine.read('usr/.systemd-sysext/backing')).toBe(device.startsWith('0:') ? null : `${device}\n`);
  succeeded(await machine.call('unmerge'));
  expect(machine.read('opt/host')).toBe('');
});

describe('not taken for merged, and not touched, is', () => {
  const untouched = async (): Promise<void> => {
    const before = machine.state();
    expect(succeeded(await machine.call('status --json=short')).stdout).not.toMatch(/"since":\d/);
    expect(succeeded(await machine.call('unmerge')).stderr).toBe('');
    await machine.expectState(before);
  };

  test('a copy of a merged tree', async () => {
    succeeded(await machine.call('merge'));
    await machine.namespace.must(['cp', '-a', `${machine.root}/opt`, `${machine.root}/copy`]);
    succeeded(await machine.call('unmerge'));
    changeTree(machine.root, { remove: ['opt'] });
    await machine.namespace.must(['mv', `${machine.root}/copy`, `${machine.root}/opt`]);
    expect(machine.read('opt/.systemd-sysext/dev')).not.toBeNull();
    await untouched();
    // It can be merged, and shows what is merged now.
    succeeded(await machine.call('merge'));
    expect(succeeded(await machine.call('status --json=short')).stdout).toMatch(/"since":\d.*"since":\d/);
  });

  test('a copy of a merged tree on a file system of its own', async () => {
    succeeded(await machine.call('merge'));
    await machine.namespace.must(['cp', '-a', `${machine.root}/opt`, `${machine.root}/copy`]);
    succeeded(await machine.call('unmerge'));
    await machine.namespace.must(['mount', '-t', 'tmpfs', 'tmpfs', `${machine.root}/opt`]);
    await machine.namespace.must(['cp', '-a', `${machine.root}/copy/.`, `${machine.root}/opt`]);
    await untouched();
  });

  test('an overlay of somebody else', async () => {
    const { root, namespace } = machine;
    await namespace.must(['mkdir', `${root}/srv`]);
    await namespace.must([
      'mount',
      '-t',
      'overlay',
      '-o',
      `lowerdir=${root}/srv:${root}/opt`,
      'other',
      `${root}/opt`,
    ]);
    await untouched();
  });

  test('something with metadata files that are no files', async () => {
    await machine.namespace.must(['mount', '-t', 'tmpfs', 'tmpfs', `${machine.root}/opt`]);
    await machine.namespace.must(['mkdir', '-p', `${machine.root}/opt/.systemd-sysext/extensions`]);
    await machine.namespace.must(['mkfifo', `${machine.root}/opt/.systemd-sysext/dev`]);
    const { status, stderr } = await machine.call('status --json=short');
    expect(stderr).not.toMatch(/^\s+at /m);
    // Whatever it says of such a thing, it neither hangs nor takes it off.
    expect([0, 1]).toContain(status);
    await machine.call('unmerge');
    expect(merges()).toEqual(['/opt']);
  });
});

test('an overlay of somebody else on top of a merge is not unmounted, and the merge below it stays', async () => {
  const { root, namespace } = machine;
  succeeded(await machine.call('merge'));
  await namespace.must(['mkdir', `${root}/srv`]);
  await namespace.must([
    'mount',
    '-t',
    'overlay',
    '-o',
    `lowerdir=${root}/srv:${root}/opt`,
    'other',
    `${root}/opt`,
  ]);
  succeeded(await machine.call('unmerge'));
  expect(merges()).toEqual(['/opt', '/opt']);
  await namespace.must(['umount', `${root}/opt`]);
  succeeded(await machine.call('unmerge'));
  expect(merges()).toEqual([]);
});

test('merges that are stacked are all taken off', async () => {
  const { root, namespace } = machine;
  succeeded(await machine.call('merge'));
  await namespace.must(['mount', '--bind', `${root}/opt`, `${root}/opt`]);
  expect(merges()).toEqual(['/opt', '/opt', '/usr']);
  expect(succeeded(await machine.call('refresh --always-refresh=yes')).stderr).toContain('Merged');
  expect(merges()).toEqual(['/opt', '/usr']);
  await namespace.must(['mount', '--bind', `${root}/opt`, `${root}/opt`]);
  succeeded(await machine.call('unmerge'));
  expect(merges()).toEqual([]);
});

test('a merge is refused where one hierarchy is merged already, and a refresh takes the rest along', async () => {
  succeeded(await machine.call('merge', { env: { SYSTEMD_SYSEXT_HIERARCHIES: '/opt' } }));
  const before = machine.state();
  expect(failedWith(await machine.call('merge'))).toBe("Hierarchy '/opt' is already merged.");
  await machine.expectState(before);
  succeeded(await machine.call('refresh'));
  expect(merges()).toEqual(['/opt', '/usr']);
});
