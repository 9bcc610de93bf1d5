import { confext, extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { file } from '../../support/tree.js';

const SCRIPT = file('#!/bin/sh\necho it runs\n', { mode: 0o755 });

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      'etc/host.conf': 'host\n',
      ...extension('a', { files: { 'usr/bin/script': SCRIPT } }),
      ...confext('c', { files: { 'etc/script': SCRIPT } }),
    },
  });
});
afterEach(() => machine.close());

/** Flags of the mount at a place below the root, but for those about times. */
const flagsAt = (path: string): string[] =>
  machine
    .mounts()
    .find(({ mountPoint }) => mountPoint === `${machine.root}/${path}`)!
    .options.filter((flag) => !flag.endsWith('atime'))
    .sort();

const runs = async (path: string): Promise<boolean> =>
  (await machine.namespace.run([`${machine.root}/${path}`])).stdout === 'it runs\n';

test.each([
  ['', ['nodev', 'ro'], true],
  ['--noexec=no', ['nodev', 'ro'], true],
  ['--noexec=yes', ['nodev', 'noexec', 'ro'], false],
] as const)('a sysext with %j has the flags %j', async (option, flags, executable) => {
  succeeded(await machine.call(`merge ${option}`.trim()));
  expect(flagsAt('usr')).toEqual(flags);
  expect(await runs('usr/bin/script')).toBe(executable);
  expect((await machine.namespace.run(['touch', `${machine.root}/usr/new`])).stderr).toMatch(
    /Read-only file system/,
  );
});

test.each([
  ['', ['nodev', 'noexec', 'nosuid', 'ro'], false],
  ['--noexec=true', ['nodev', 'noexec', 'nosuid', 'ro'], false],
  ['--noexec=off', ['nodev', 'nosuid', 'ro'], true],
] as const)('a confext with %j has the flags %j', async (option, flags, executable) => {
  succeeded(await machine.call(`merge ${option}`.trim(), { as: 'confext' }));
  expect(flagsAt('etc')).toEqual(flags);
  expect(await runs('etc/script')).toBe(executable);
});

test('an image in it allows no more than the merge', async () => {
  machine.addImage(
    'squashfs',
    'var/lib/extensions/image.raw',
    sysextTree('image', { files: { 'usr/bin/other': SCRIPT } }),
  );
  succeeded(await machine.call('merge --noexec=yes'));
  expect(await runs('usr/bin/other')).toBe(false);
  succeeded(await machine.call('refresh --always-refresh=yes --noexec=no'));
  expect(await runs('usr/bin/other')).toBe(true);
});

test('SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS is seen in the mount, and a change of it is a reason to refresh', async () => {
  const options = () => machine.mounts()[0]!.superOptions;
  succeeded(await machine.call('merge'));
  expect(options()).not.toContain('xino=on');
  succeeded(await machine.call('refresh', { env: { SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS: 'xino=on' } }));
  expect(options()).toContain('xino=on');
  const before = machine.state();
  expect(
    failedWith(
      await machine.call('refresh --log-level=warning', {
        env: { SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS: 'no-such-option=1' },
      }),
    ),
  ).toMatch(/'\/usr'/);
  await machine.expectState(before);
});
