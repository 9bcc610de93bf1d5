import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree, directory, type Tree } from '../../support/tree.js';

const NAMES = [
  'with,comma',
  'with:colon',
  'back\\slash',
  'with space',
  ' space first',
  "single'quote",
  'double"quote',
  '$dollar$(reboot)`id`',
  '-leading-dash',
  'lowerdir=equal',
  'per%cent%s',
  '#hash',
  'öäü-日本語-😀',
  'combined,:\\"\' $=%#',
  'back\\040octal',
  '*?[glob]',
  '.hidden',
  'ends.',
];

/** Names that no image may have, and how they are written for a person. */
const REFUSED: readonly (readonly [name: string, shown: string])[] = [
  ['new\nline', 'new\\nline'],
  ['tab\tulator', 'tab\\tulator'],
  ['bell\x07', 'bell\\x07'],
  ['\x1b[31mred', '\\x1b[31mred'],
  ['delete\x7f', 'delete\\x7f'],
];

/** In a name for a file of the extension, where it need not be valid. */
const fileOf = (name: string): string => `usr/share/files/${NAMES.indexOf(name)}`;
const tree = (name: string): Tree => ({ [fileOf(name)]: `${name}\n` });

let machine: Machine;
afterEach(() => machine.close());

const expectAll = async (): Promise<void> => {
  for (const name of NAMES) expect(machine.read(fileOf(name))).toBe(`${name}\n`);
  const { stdout } = succeeded(await machine.call('status --json=short'));
  const [, usr] = JSON.parse(stdout) as { extensions: string[] }[];
  expect([...usr!.extensions].sort()).toEqual([...NAMES].sort());
  expect(machine.read('usr/.systemd-sysext/extensions')!.split('\n').slice(0, -1).sort()).toEqual(
    [...NAMES].sort(),
  );
};

test('directories are merged whatever characters are in their names', async () => {
  const extensions = NAMES.map((name) => extension(name, { files: tree(name) }));
  machine = await Machine.open({ tree: Object.assign({}, HOST, ...extensions) });
  const before = machine.state();
  succeeded(await machine.call('merge'));
  await expectAll();
  expect(succeeded(await machine.call('refresh')).stderr).toContain('no change was found');
  succeeded(await machine.call('refresh --always-refresh=yes'));
  await expectAll();
  succeeded(await machine.call('unmerge'));
  await machine.expectState(before);
});

test('image files are merged whatever characters are in their names', async () => {
  machine = await Machine.open({ tree: HOST });
  mkdirSync(join(machine.root, 'var/lib/extensions'), { recursive: true });
  for (const name of NAMES)
    machine.addImage('squashfs', `var/lib/extensions/${name}.raw`, sysextTree(name, { files: tree(name) }));
  const before = machine.state();
  succeeded(await machine.call('merge'));
  await expectAll();
  succeeded(await machine.call('unmerge'));
  await machine.expectState(before);
});

test.each(['with,comma:colon', 'new\nline', 'with space\\"', '-dash'])(
  'a root named %j is no obstacle',
  async (name) => {
    machine = await Machine.open();
    const root = join(machine.root, name);
    mkdirSync(root);
    buildTree(root, { ...HOST, ...extension('dir', { files: { 'opt/dir': 'dir\n' } }) });
    machine.addImage(
      'squashfs',
      join(name, 'var/lib/extensions/image.raw'),
      sysextTree('image', { files: { 'opt/image': 'image\n' } }),
    );
    succeeded(await machine.call('merge', { root }));
    expect(machine.read(join(name, 'opt/dir'))).toBe('dir\n');
    expect(machine.read(join(name, 'opt/image'))).toBe('image\n');
    succeeded(await machine.call('refresh --always-refresh=yes', { root }));
    expect(succeeded(await machine.call('unmerge', { root })).stderr).not.toMatch(/[^\n\x20-\x7e]/);
    expect(machine.mounts()).toEqual([]);
  },
);

test('names are merged that are as long as a file system takes their release file', async () => {
  const long = 'n'.repeat(255 - 'extension-release.'.length);
  const short = `i${long.slice(1)}`;
  machine = await Machine.open({
    tree: { ...HOST, ...extension(long, { files: { 'opt/directory': 'd\n' } }) },
  });
  machine.addImage(
    'squashfs',
    `var/lib/extensions/${short}.raw`,
    sysextTree(short, { files: { 'opt/image': 'i\n' } }),
  );
  buildTree(machine.root, { [`var/lib/extensions/${'x'.repeat(255)}/opt/longer`]: 'x\n' });
  expect(succeeded(await machine.call('merge --log-level=warning')).stderr).toMatch(
    /^Ignoring extension 'x{255}' [^\n]*\n$/,
  );
  expect(machine.read('opt/directory')).toBe('d\n');
  expect(machine.read('opt/image')).toBe('i\n');
  expect(machine.read('opt/longer')).toBeNull();
});

test('names with control characters are passed over with a warning in which they are escaped', async () => {
  const bad = REFUSED.flatMap(([name]) => [
    [`var/lib/extensions/${name}`, directory()] as const,
    [`var/lib/extensions/${name}.raw`, 'text'] as const,
  ]);
  machine = await Machine.open({
    tree: { ...HOST, ...extension('good', { files: { 'opt/good': 'good\n' } }), ...Object.fromEntries(bad) },
  });
  // A name that is not valid UTF-8 cannot be written down here.
  await machine.namespace.must([
    'sh',
    '-c',
    `mkdir "${machine.root}/var/lib/extensions/$(printf 'latin\\344')"`,
  ]);
  const { stderr } = succeeded(await machine.call('merge'));
  expect(stderr).not.toMatch(/[^\n\x20-\x7e\ufffd]/);
  for (const [, shown] of REFUSED) {
    for (const end of ['', '.raw']) {
      expect(stderr).toContain(
        `Ignoring '${machine.root}/var/lib/extensions/${shown}${end}': its name has a control character; rename it.\n`,
      );
    }
  }
  expect(stderr).toMatch(/Ignoring '.*latin.*': its name is not valid UTF-8; rename it\.\n/);
  expect(machine.read('opt/good')).toBe('good\n');
  expect(succeeded(await machine.call('list --json=short')).stdout).toMatch(
    /^\[\{"name":"good",[^{}]*\}\]\n$/,
  );
});
