import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TooManySymlinksError } from '../../src/host/root.js';
import { HierarchyError } from '../../src/overlay/hierarchy-error.js';
import { buildStack, hasEntries } from '../../src/overlay/stack.js';
import { below, buildTree, directory, fifo, symlink, type Tree } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'stack-')));
});
afterEach(() => rmSync(base, { recursive: true }));

/** Extensions in version order; gives the layers as `NAME PATH`, with paths from the base. */
function stack(hierarchy: string, extensions: Readonly<Record<string, Tree>>): string[] {
  for (const [name, tree] of Object.entries(extensions))
    buildTree(base, { [name]: directory(), ...below(name, tree) });
  const open = Object.keys(extensions).map((name) => ({ name, root: join(base, name) }));
  return buildStack(hierarchy, open).extensions.map(
    ({ extension, path }) => `${extension} ${path.slice(base.length)}`,
  );
}

test('the last extension is on top', () => {
  const tree = { 'usr/bin/x': '' };
  expect(stack('/usr', { a: tree, b: tree, c: tree })).toEqual(['c /c/usr', 'b /b/usr', 'a /a/usr']);
  expect(buildStack('/usr', [])).toEqual({ hierarchy: '/usr', extensions: [] });
});

test('who has nothing for a hierarchy has no layer', () => {
  const extensions = {
    none: { 'usr/x': '' },
    empty: { opt: directory() },
    dangling: { opt: symlink('nowhere') },
    out: { opt: symlink('/proc') },
    some: { 'opt/x': '' },
  };
  expect(stack('/opt', extensions)).toEqual(['some /some/opt']);
});

test.each<[string, Tree]>([
  ['a file', { opt: 'x' }],
  ['a FIFO', { opt: fifo() }],
  ['a symlink to a file', { opt: symlink('x'), x: '' }],
])('%s in place of the hierarchy is an error', (_, tree) => {
  expect(() => stack('/opt', { a: tree })).toThrow(HierarchyError);
});

test('a symlink is followed inside of the extension', () => {
  const extensions = {
    relative: { usr: symlink('data/usr'), 'data/usr/x': '' },
    absolute: { usr: symlink('/data'), 'data/x': '' },
    climbing: { usr: symlink('../../../data'), 'data/x': '' },
    root: { usr: symlink('/'), x: '' },
  };
  expect(stack('/usr', extensions)).toEqual([
    'root /root',
    'climbing /climbing/data',
    'absolute /absolute/data',
    'relative /relative/data/usr',
  ]);
});

test('a nested hierarchy', () => {
  expect(stack('/usr/local/share', { a: { 'usr/local/share/x': '' }, b: { 'usr/local': 'x' } })).toEqual([
    'a /a/usr/local/share',
  ]);
});

test('a whiteout is an entry', () => {
  expect(stack('/usr', { a: { 'usr/.wh': fifo() } })).toEqual(['a /a/usr']);
});

test('symlinks in a circle are an error that names them', () => {
  const build = () => stack('/usr', { a: { usr: symlink('usr') } });
  expect(build).toThrow(TooManySymlinksError);
  expect(build).toThrow(join(base, 'a/usr'));
});

test('hasEntries', () => {
  buildTree(base, { 'full/x': '', 'hidden/.x': '', empty: directory(), file: '' });
  expect(['full', 'hidden', 'empty', 'file'].map((name) => hasEntries(join(base, name)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(() => hasEntries(join(base, 'missing'))).toThrow('ENOENT');
});
