import { extension, HOST } from '../../support/fixtures.js';
import { type Machine, onMachine } from '../../support/machine.js';
import { failed, succeeded } from '../../support/outcome.js';
import { directory, type Tree } from '../../support/tree.js';

const TREE: Tree = {
  ...HOST,
  'usr/share/host': '',
  'usr/file': 'host\n',
  'opt/p': directory(),
  'src/bound': 'bound\n',
  ...extension('a', { files: { 'usr/only-a': directory(), 'opt/a': '' } }),
};

/** Mounts in the machine's namespace; `$R` is its root. */
const mount = (machine: Machine, script: string) =>
  machine.namespace.must(['env', `R=${machine.root}`, 'sh', '-ec', script]);

/** What is mounted below the hierarchies, without our overlays; with which file system, and where. */
const mounted = (machine: Machine): string[] =>
  machine
    .mounts()
    .filter(({ type }) => type !== 'overlay')
    .map(
      ({ mountPoint, device, root, options }) =>
        `${mountPoint.slice(machine.root.length)} ${device} ${root} ${options[0]}`,
    )
    .sort();

const NONE = ':';
const BIND = 'mount --bind $R/src $R/usr/share';
const FILE = 'mount --bind $R/src/bound $R/usr/file; mount -o remount,bind,ro $R/usr/file';
const NESTED =
  'mount -t tmpfs one $R/opt/p; mkdir $R/opt/p/q; mount -t tmpfs two $R/opt/p/q; touch $R/opt/p/q/deep';
const STACKED =
  'mount -t tmpfs one $R/opt/p; touch $R/opt/p/lower; mount -t tmpfs two $R/opt/p; touch $R/opt/p/upper';

describe.each(['shared', 'private'] as const)('with %s mounts', (propagation) => {
  test.each([
    ['no mount', NONE],
    ['a bind mount', BIND],
    ['a read-only bind mount of a file', FILE],
    ['nested mounts', NESTED],
    ['stacked mounts', STACKED],
    ['all of them', [BIND, FILE, NESTED].join('; ')],
  ])('%s below a hierarchy can be seen all the time', async (_, script) => {
    await onMachine({ tree: TREE, propagation }, async (machine) => {
      await mount(machine, script);
      const before = machine.state();
      const visible = [...new Set(mounted(machine))];
      for (const verb of ['merge', 'refresh --always-refresh=yes', 'unmerge']) {
        succeeded(await machine.call(verb));
        expect(mounted(machine)).toEqual(expect.arrayContaining(script === STACKED ? [] : visible));
        if (script.includes(BIND)) expect(machine.read('usr/share/bound')).toBe('bound\n');
        if (script.includes(FILE)) expect(machine.read('usr/file')).toBe('bound\n');
        if (script.includes(NESTED)) expect(machine.read('opt/p/q/deep')).toBe('');
        if (script === STACKED) expect(machine.read('opt/p/upper')).toBe('');
      }
      await machine.expectState(before);
    });
  });

  test('mounts that are made while something is merged stay after refresh and unmerge', async () => {
    await onMachine({ tree: TREE, propagation }, async (machine) => {
      succeeded(await machine.call('merge'));
      await mount(
        machine,
        'mount -t tmpfs new $R/usr/only-a; touch $R/usr/only-a/x; mount --bind $R/src $R/usr/share',
      );
      const made = mounted(machine);
      succeeded(await machine.call('refresh --always-refresh=yes'));
      expect(mounted(machine)).toEqual(made);
      succeeded(await machine.call('unmerge'));
      expect(mounted(machine)).toEqual(made);
      expect(machine.read('usr/only-a/x')).toBe('');
      expect(machine.read('usr/share/bound')).toBe('bound\n');
    });
  });

  test('a mount that is taken off while something is merged does not come back', async () => {
    await onMachine({ tree: TREE, propagation }, async (machine) => {
      await mount(machine, BIND);
      succeeded(await machine.call('merge'));
      await mount(machine, 'umount $R/usr/share');
      succeeded(await machine.call('unmerge'));
      expect(mounted(machine)).toEqual([]);
      expect(machine.read('usr/share/host')).toBe('');
    });
  });

  test('a mount keeps its place when the extension that had its mount point goes', async () => {
    await onMachine({ tree: { ...TREE, ...extension('b') }, propagation }, async (machine) => {
      succeeded(await machine.call('merge'));
      await mount(
        machine,
        'mount -t tmpfs new $R/usr/only-a; touch $R/usr/only-a/x; mv $R/var/lib/extensions/a $R/var/lib/extensions/.gone; mv $R/var/lib/extensions/.gone $R/gone',
      );
      succeeded(await machine.call('refresh'));
      expect(succeeded(await machine.call('status --json=short')).stdout).toContain('["b"]');
      expect(machine.read('usr/only-a/x')).toBe('');
    });
  });
});

test('a merge that fails leaves the mounts below as they were', async () => {
  await onMachine({ tree: TREE }, async (machine) => {
    await mount(machine, [BIND, NESTED].join('; '));
    const before = machine.state();
    const faults = machine.faults();
    // All is built, and the first hierarchy is shown already.
    faults.plan({}, 'case "$*" in *rbind*overlay/opt*root/opt) echo broken >&2; exit 32;; esac');
    expect(failed(await machine.call('merge', { faults })).at(-1)).toContain('Failed to show the merge');
    await machine.expectState(before);
  });
});

test('a hierarchy that is a mount itself is merged like any other', async () => {
  await onMachine({ tree: TREE }, async (machine) => {
    await mount(machine, 'mount --bind $R/opt $R/opt; mount -t tmpfs one $R/opt/p; touch $R/opt/p/x');
    const before = machine.state();
    for (const verb of ['merge', 'refresh --always-refresh=yes', 'unmerge']) {
      succeeded(await machine.call(verb));
      expect(machine.read('opt/p/x')).toBe('');
    }
    await machine.expectState(before);
  });
});
