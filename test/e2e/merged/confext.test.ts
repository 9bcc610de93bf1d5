import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree } from '../../support/tree.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      'etc/host.conf': 'host\n',
      ...extension('s', { files: { 'usr/share/s': 's\n', 'opt/s': 's\n' } }),
      ...confext('c', { files: { 'etc/c.conf': 'c\n' } }),
    },
  });
});
afterEach(() => machine.close());

const merges = () =>
  machine
    .mounts()
    .map(({ mountPoint, source }) => `${source} ${mountPoint.slice(machine.root.length)}`)
    .sort();

test('a confext is merged into /etc, refreshed and unmerged', async () => {
  const before = machine.state();
  expect(succeeded(await machine.call('merge', { as: 'confext' })).stderr).toBe(
    `Using extensions 'c'.\nMerged extensions into '${machine.root}/etc'.\n`,
  );
  expect(merges()).toEqual(['confext /etc']);
  expect(machine.read('etc/c.conf')).toBe('c\n');
  expect(machine.read('etc/host.conf')).toBe('host\n');
  expect(machine.read('etc/.systemd-confext/confexts')).toBe('c\n');
  expect(succeeded(await machine.call('status --no-legend', { as: 'confext' })).stdout).toMatch(/^\/etc c /);
  buildTree(machine.root, confext('d'));
  succeeded(await machine.call('refresh', { as: 'confext' }));
  expect(machine.read('etc/d.conf')).not.toBeNull();
  succeeded(await machine.call('unmerge', { as: 'confext' }));
  expect(merges()).toEqual([]);
  expect(machine.state().mounts).toEqual(before.mounts);
});

test.each([
  ['sysext', 'confext'],
  ['confext', 'sysext'],
] as const)('a %s that is merged first and a %s do not disturb each other', async (first, second) => {
  const all = ['confext /etc', 'sysext /opt', 'sysext /usr'];
  succeeded(await machine.call('merge', { as: first }));
  succeeded(await machine.call('merge', { as: second }));
  expect(merges()).toEqual(all);
  for (const as of [first, second]) succeeded(await machine.call('refresh --always-refresh=yes', { as }));
  expect(merges()).toEqual(all);
  expect(machine.read('etc/c.conf')).toBe('c\n');
  expect(machine.read('opt/s')).toBe('s\n');
  expect(succeeded(await machine.call('status --json=short', { as: 'confext' })).stdout).toMatch(
    /^\[\{"hierarchy":"\/etc","extensions":\["c"\],"since":\d+,"images":\[\{"name":"c","path":"\/var\/lib\/confexts\/c",[^{}]*\}\],"choice":null\}\]\n$/,
  );
  succeeded(await machine.call('unmerge', { as: first }));
  expect(merges()).toEqual(all.filter((merge) => merge.startsWith(second)));
  succeeded(await machine.call('unmerge', { as: second }));
  expect(merges()).toEqual([]);
});

test('a sysext and a confext that are merged into one hierarchy come off one by one', async () => {
  buildTree(machine.root, { 'var/lib/confexts/c/opt/c': 'c\n' });
  const env = { SYSTEMD_CONFEXT_HIERARCHIES: '/opt', SYSTEMD_SYSEXT_HIERARCHIES: '/opt' };
  succeeded(await machine.call('merge', { env }));
  succeeded(await machine.call('merge', { env, as: 'confext' }));
  expect(machine.read('opt/s')).toBe('s\n');
  expect(machine.read('opt/c')).toBe('c\n');
  // The sysext is below the confext now: not on top, so not to be taken off.
  succeeded(await machine.call('unmerge', { env, as: 'confext' }));
  expect(machine.read('opt/c')).toBeNull();
  expect(machine.read('opt/s')).toBe('s\n');
  succeeded(await machine.call('unmerge', { env }));
  expect(merges()).toEqual([]);
});
