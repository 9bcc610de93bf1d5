import { extension, HOST } from '../../support/fixtures.js';
import { type Machine, onMachine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree, type Entry, symlink, type Tree, whiteout } from '../../support/tree.js';

const OUT = '../../../../../../../../../..';

/** What an image has where the host has a mount, or above it. */
const IN_THE_WAY: Readonly<Record<string, (victim: string) => Entry>> = {
  'an absolute symlink': (victim) => symlink(victim),
  'a relative symlink': (victim) => symlink(`${OUT}${victim}`),
  'a symlink within the hierarchy': () => symlink('share'),
  'a dangling symlink': () => symlink('/nowhere'),
  'a file': () => 'in the way\n',
  'a whiteout': () => whiteout(),
};

const TREE: Tree = {
  ...HOST,
  'victim/precious': 'precious\n',
  'victim/deep/precious': 'precious\n',
  'usr/share/host': 'host\n',
  'usr/local/deep/host': 'host\n',
  'usr/file': 'host\n',
  'src/bound': 'bound\n',
};

const mount = (machine: Machine): Promise<string> =>
  machine.namespace.must([
    'sh',
    '-ec',
    'mount -t tmpfs one "$1/usr/local"; mkdir "$1/usr/local/deep"; echo local >"$1/usr/local/file"; mount --bind "$1/src/bound" "$1/usr/file"',
    'sh',
    machine.root,
  ]);

const places = (machine: Machine): string[] =>
  machine.mounts().map(({ mountPoint }) => mountPoint.slice(machine.root.length));

describe.each(['the program', 'a script of plan'] as const)('%s', (by) => {
  test.each(Object.keys(IN_THE_WAY))('mounts nothing elsewhere where an image has %s', async (name) => {
    await onMachine({ tree: TREE }, async (machine) => {
      const entry = IN_THE_WAY[name]!;
      const files = {
        'usr/local': entry(`${machine.root}/victim`),
        'usr/file': entry(`${machine.root}/victim/precious`),
        'usr/share/x': 'x\n',
      };
      buildTree(machine.root, extension('bad', { files }));
      await mount(machine);
      const before = machine.state();
      if (by === 'the program') succeeded(await machine.call('merge'));
      else {
        const { stdout } = succeeded(await machine.call('plan merge --format=sh'));
        await machine.namespace.must(['sh', '-c', stdout]);
      }
      const expectVisible = () => {
        expect(machine.read('usr/local/file')).toBe('local\n');
        expect(machine.read('usr/file')).toBe('bound\n');
        expect(machine.read('usr/share/x')).toBe('x\n');
        expect(machine.read('victim/precious')).toBe('precious\n');
        expect([...new Set(places(machine))].sort()).toEqual(['/usr', '/usr/file', '/usr/local']);
      };
      expectVisible();
      succeeded(await machine.call('refresh --always-refresh=yes'));
      expectVisible();
      succeeded(await machine.call('unmerge'));
      await machine.expectState(before);
    });
  });
});

test('a mount deep below a symlink of an image stays, and leads nowhere else', async () => {
  await onMachine({ tree: TREE }, async (machine) => {
    buildTree(machine.root, extension('bad', { files: { 'usr/local': symlink(`${machine.root}/victim`) } }));
    await machine.namespace.must([
      'sh',
      '-ec',
      'mount -t tmpfs one "$1/usr/local/deep"; echo x >"$1/usr/local/deep/x"',
      'sh',
      machine.root,
    ]);
    const before = machine.state();
    succeeded(await machine.call('merge'));
    expect(machine.read('usr/local/deep/x')).toBe('x\n');
    expect(machine.read('victim/deep/precious')).toBe('precious\n');
    succeeded(await machine.call('unmerge'));
    await machine.expectState(before);
  });
});

test('where a write directory or the host has a symlink in the way, nothing is mounted, and it is told', async () => {
  await onMachine({ tree: { ...TREE, ...extension('a') } }, async (machine) => {
    buildTree(machine.root, { 'var/lib/extensions.mutable/usr/local': symlink(`${machine.root}/victim`) });
    await mount(machine);
    const before = machine.state();
    const line = failedWith(await machine.call('merge --mutable=yes --log-level=warning'));
    expect(line).toMatch(/^Cannot keep the mount at '\S+\/usr\/local': '\S+\/usr\/local' is in its way/);
    await machine.expectState(before);
  });
  // Mounted while merged, where the extension had a directory and the host has a symlink.
  const tree = {
    ...TREE,
    'usr/data': symlink('/victim'),
    ...extension('a', { files: { 'usr/data/x': 'x' } }),
  };
  await onMachine({ tree }, async (machine) => {
    succeeded(await machine.call('merge'));
    await machine.namespace.must(['mount', '-t', 'tmpfs', 'one', `${machine.root}/usr/data`]);
    const merged = machine.state();
    expect(failedWith(await machine.call('unmerge --log-level=warning'))).toContain(
      'Cannot keep the mount at',
    );
    expect(machine.state().mounts).toEqual(merged.mounts);
    await machine.namespace.must(['umount', `${machine.root}/usr/data`]);
    succeeded(await machine.call('unmerge'));
    expect(machine.mounts()).toEqual([]);
  });
});
