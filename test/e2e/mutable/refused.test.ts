import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST } from '../../support/fixtures.js';
import { onMachine } from '../../support/machine.js';
import { failed, failedWith, succeeded } from '../../support/outcome.js';
import { directory, symlink, type Tree } from '../../support/tree.js';

const TREE: Tree = { ...HOST, ...extension('a') };
const WRITE = 'var/lib/extensions.mutable';

test.each<[string, string, Tree, string]>([
  [
    'another mode than the hierarchy',
    'yes',
    { [`${WRITE}/usr`]: directory({ mode: 0o700 }) },
    'mode 0700, ought to have mode 0755',
  ],
  [
    'another mode than the hierarchy',
    'auto',
    { [`${WRITE}/usr`]: directory({ mode: 0o700 }) },
    'mode 0700, ought to have mode 0755',
  ],
  ['a file', 'yes', { [`${WRITE}/usr`]: '' }, 'not a directory'],
  ['a file', 'import', { [`${WRITE}/usr`]: '' }, 'not a directory'],
  ['the hierarchy itself', 'import', { [`${WRITE}/usr`]: symlink('/usr') }, 'cannot be imported into itself'],
  [
    'the hierarchy itself',
    'ephemeral-import',
    { [`${WRITE}/usr`]: symlink('../../../usr') },
    'cannot be imported into itself',
  ],
])('a write directory that is %s is refused by --mutable=%s', async (_, mode, more, words) => {
  await onMachine({ tree: { ...TREE, ...more } }, async (machine) => {
    const before = machine.state();
    expect(failedWith(await machine.call(`merge --mutable=${mode}`))).toContain(words);
    await machine.expectState(before);
  });
});

test.each(['yes', 'auto'])('a read-only file system is refused by --mutable=%s', async (mode) => {
  await onMachine({ tree: { ...TREE, [`${WRITE}/usr`]: directory() } }, async (machine) => {
    const path = join(machine.root, WRITE);
    await machine.namespace.must([
      'sh',
      '-ec',
      'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"',
      'sh',
      path,
    ]);
    const before = machine.state();
    expect(failedWith(await machine.call(`merge --mutable=${mode}`))).toContain('read-only file system');
    await machine.expectState(before);
  });
});

test('a write directory that is a mount point has no place for the work directory', async () => {
  await onMachine({ tree: { ...TREE, [`${WRITE}/usr`]: directory() } }, async (machine) => {
    await machine.namespace.must([
      'mount',
      '-t',
      'tmpfs',
      '-o',
      'mode=0755',
      'tmpfs',
      join(machine.root, WRITE, 'usr'),
    ]);
    const before = machine.state();
    expect(failedWith(await machine.call('merge --mutable=yes'))).toContain('on another file system');
    await machine.expectState(before);
  });
});

test('a directory with another mode that a symlink leads to gets that of the hierarchy, if it is merged', async () => {
  const private700 = { [`${WRITE}/usr`]: symlink('/srv/private'), 'srv/private': directory({ mode: 0o700 }) };
  await onMachine({ tree: { ...TREE, ...private700 } }, async (machine) => {
    const before = machine.state();
    const env = { SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS: 'no-such-option' };
    failed(await machine.call('merge --mutable=yes', { env }));
    await machine.expectState(before);
    expect(succeeded(await machine.call('merge --mutable=yes')).stderr).toContain(
      `Changed the mode of '${machine.root}/srv/private', the write directory of '/usr', from 0700 to 0755, which is that of the hierarchy.`,
    );
  });
});

test.each([
  ['the directory of write directories', {}, {}],
  ['that, the hierarchy, and the directory above it', { SYSTEMD_SYSEXT_HIERARCHIES: '/data/local' }, {}],
  ['nothing that was there', {}, { [WRITE]: directory() }],
])('a merge that fails takes back what it made: %s', async (_, env, more: Tree) => {
  await onMachine({ tree: { ...TREE, ...more } }, async (machine) => {
    const before = machine.state();
    const options = { ...env, SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS: 'no-such-option' };
    failed(await machine.call('merge --mutable=yes', { env: options }));
    await machine.expectState(before);
  });
});

test('a mode that is none is refused, and help lists them', async () => {
  await onMachine({ tree: TREE }, async (machine) => {
    expect(failedWith(await machine.call('merge --mutable=sometimes'))).toContain(
      'Failed to parse argument to --mutable=',
    );
    expect(succeeded(await machine.call('--mutable=help')).stdout).toBe(
      'Known mutability modes:\nno\nyes\nauto\nimport\nephemeral\nephemeral-import\n',
    );
  });
});

test.each([
  'precious',
  '../precious',
  '/precious',
  'a/../precious',
  '.systemd-opt-workdir',
  '\\x2fprecious',
  '',
])('unmerge removes nothing that the metadata calls a work directory wrongly: %j', async (content) => {
  const tree = { ...TREE, 'precious/file': 'x', '.systemd-opt-workdir/file': 'x' };
  await onMachine({ tree }, async (machine) => {
    succeeded(await machine.call('merge --mutable=yes'));
    await machine.namespace.must(['umount', join(machine.root, 'usr/.systemd-sysext')]);
    writeFileSync(machine.at('usr/.systemd-sysext/work_dir'), `${content}\n`);
    succeeded(await machine.call('unmerge'));
    expect(readFileSync(machine.at('precious/file'), 'utf8')).toBe('x');
    expect(existsSync(machine.at('.systemd-opt-workdir/file'))).toBe(true);
  });
});
