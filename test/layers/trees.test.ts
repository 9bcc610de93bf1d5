import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, textOf } from '../../src/host/bytes.js';
import { compareEntries } from '../../src/layers/compare.js';
import { findConflicts } from '../../src/layers/conflicts.js';
import { readEntry } from '../../src/layers/entry.js';
import type { Layer, LayerOwner, LayerStack } from '../../src/layers/layer.js';
import { listLayer } from '../../src/layers/listing.js';
import { locate } from '../../src/layers/lookup.js';
import { NO_MARKS } from '../../src/layers/marks.js';
import { providerOf } from '../../src/layers/provider.js';
import { LayerReader, type Limits } from '../../src/layers/reader.js';
import { tallyLayers } from '../../src/layers/tally.js';
import { buildTree, directory, fifo, file, symlink, type Tree } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'sysext-layers-'));
});
afterEach(() => rmSync(base, { recursive: true }));

/** Layers from trees, top first; the last one is the host. */
function open(trees: readonly Tree[], more: Partial<LayerStack> = {}, limits?: Limits) {
  const layers = trees.map((tree, index): Layer => {
    const root = join(base, String(index));
    mkdirSync(root);
    buildTree(root, tree);
    const isHost = index === trees.length - 1;
    const owner: LayerOwner = isHost ? { kind: 'host' } : { kind: 'extension', name: `e${index}` };
    return {
      owner,
      source: root,
      inside: '/usr',
      root: bytesOf(root),
      hindrance: null,
      hasChanged: false,
      marks: NO_MARKS,
    };
  });
  const stack: LayerStack = {
    hierarchy: '/usr',
    path: '/usr',
    place: '/nowhere',
    isMerged: true,
    layers,
    mounts: [],
    metadata: '.systemd-sysext',
    ...more,
  };
  return { stack, reader: new LayerReader(layers, limits) };
}

const conflicts = (opened: ReturnType<typeof open>) =>
  [...findConflicts(opened.reader, opened.stack)].map(
    ({ kind, path, winner, loser }) => `${kind} ${textOf(path)} ${winner?.layer ?? '-'}>${loser.layer}`,
  );

test('each kind of conflict', () => {
  const opened = open(
    [
      {
        'bin/same': 'x',
        'bin/other': 'a',
        'bin/mode': file('x', { mode: 0o4755 }),
        sbin: directory(),
        link: symlink('a'),
        pipe: fifo(),
        'lib/modules/6.1/modules.dep.bin': 'a',
        'lib/libfoo.so.1.2': 'a',
        'lib/systemd/system/foo.service': 'a',
        'lib/foo.so.txt': 'a',
        'local/bin/x': 'hidden',
        'local/share': directory(),
        private: directory({ mode: 0o700 }),
      },
      {
        'bin/same': 'x',
        'bin/other': 'b',
        'bin/mode': 'x',
        sbin: symlink('bin'),
        link: symlink('b'),
        pipe: fifo(),
        'lib/modules/6.1/modules.dep.bin': 'b',
        'lib/libfoo.so.1.2': 'b',
        'lib/systemd/system/foo.service': 'b',
        'lib/foo.so.txt': 'b',
        private: directory(),
        'only/here': 'x',
      },
    ],
    { mounts: ['local/bin', 'local/share'] },
  );
  expect(conflicts(opened).sort()).toEqual([
    'content bin/other 0>1',
    'content lib/foo.so.txt 0>1',
    'content link 0>1',
    'equal bin/same 0>1',
    'equal pipe 0>1',
    'library lib/libfoo.so.1.2 0>1',
    'mode bin/mode 0>1',
    'mode private 0>1',
    'modules lib/modules/6.1/modules.dep.bin 0>1',
    'mount local/bin ->0',
    'type sbin 0>1',
    'unit lib/systemd/system/foo.service 0>1',
  ]);
  expect(opened.reader.troubles).toMatchObject({ unreadableCount: 0, isCut: false });
});

test('content is compared to its last byte', () => {
  const size = 600 * 1024;
  const bytes = Buffer.alloc(size, 'x');
  const last = Buffer.from(bytes);
  last[size - 1] = 0;
  buildTree(base, { a: file(bytes), b: file(Buffer.from(bytes)), c: file(last), d: file(bytes.subarray(1)) });
  const compare = (one: string, other: string) => {
    const [a, b] = [one, other].map((name) => {
      const path = bytesOf(join(base, name));
      return { path, entry: readEntry(path)! };
    });
    return compareEntries(a!, b!);
  };
  expect(compare('a', 'b')).toBe('equal');
  expect(compare('a', 'c')).toBe('content');
  expect(compare('a', 'd')).toBe('content');
});

test('what was a file and is a pipe now does not block', () => {
  buildTree(base, { a: 'x', b: fifo() });
  const [a, b] = ['a', 'b'].map((name) => bytesOf(join(base, name)));
  const entry = readEntry(a!)!;
  expect(compareEntries({ path: a!, entry }, { path: b!, entry })).toBe('content');
});

test('names that are not UTF-8', () => {
  const opened = open([{}, {}]);
  for (const layer of ['0', '1'])
    writeFileSync(Buffer.concat([Buffer.from(join(base, layer, 'a')), Buffer.from([0xff, 0xe9])]), layer);
  expect(conflicts(opened)).toEqual(['content a\\xff\\xe9 0>1']);
  expect([...listLayer(opened.reader, opened.stack, 0)]).toMatchObject([{ path: 'a\xff\xe9' }]);
});

test('a tree that is deeper than a path can be long', () => {
  const opened = open([{}, {}]);
  const deep =
    "const fs = require('fs'); for (let i = 0; i < 600; i++) { fs.mkdirSync('directory'); process.chdir('directory'); }";
  try {
    for (const layer of ['0', '1']) execFileSync(process.execPath, ['-e', deep], { cwd: join(base, layer) });
    expect(conflicts(opened)).toEqual([]);
    expect([...listLayer(opened.reader, opened.stack, 0)].length).toBeGreaterThan(300);
    expect(opened.reader.troubles.unreadableCount).toBeGreaterThan(0);
  } finally {
    // Node's own function calls itself for each directory.
    execFileSync('rm', ['-r', join(base, '0'), join(base, '1')]);
  }
});

test('a directory with more names than are kept', () => {
  const names = Array.from({ length: 60 }, (_, number) => [`n${number}`, '']);
  const opened = open([Object.fromEntries(names), {}], {}, { entries: 100_000, names: 50 });
  expect([...listLayer(opened.reader, opened.stack, 0)]).toHaveLength(50);
  expect(opened.reader.troubles.isCut).toBe(true);
});

test('the files of a layer, and how many each adds and hides', () => {
  const opened = open([
    { a: 'x', 'dir/new': 'x', clash: 'x' },
    { a: 'y', 'clash/deep/f': 'x', 'dir/b': 'same', own: directory() },
    { 'dir/b': 'same', a: 'z' },
  ]);
  const seen = [...listLayer(opened.reader, opened.stack, 1)].map(
    ({ path, visibility }) => `${path} ${visibility.kind}`,
  );
  expect(seen.sort()).toEqual([
    'a hidden',
    'clash hidden',
    'clash/deep hidden',
    'clash/deep/f hidden',
    'dir merged',
    'dir/b equal',
    'own visible',
  ]);
  expect(tallyLayers(opened.reader, opened.stack)).toEqual([
    { adds: 1, hides: 2, hidden: ['a', 'clash'], lost: 0 },
    { adds: 0, hides: 1, hidden: ['dir/b'], lost: 2 },
    { adds: 0, hides: 0, hidden: [], lost: 2 },
  ]);
});

test('a path: symlinks on the way, circles, what lies outside', () => {
  const opened = open([
    { 'bin/tool': 'x', link: symlink('bin'), out: symlink('/etc/target'), round: symlink('round/x') },
    { up: symlink('../usr/../etc'), 'bin/tool': 'y' },
  ]);
  const root = join(base, 'root');
  buildTree(base, { 'root/etc/target/file': 'x', 'root/bin': symlink('usr/bin'), 'root/usr': directory() });
  const at = (path: string) => {
    const location = locate(bytesOf(root), [opened], path);
    const provider = providerOf(location, false);
    const layer = provider.kind === 'copy' ? provider.copy.layer : null;
    return `${location.path} ${provider.kind}${layer === null ? '' : ` ${layer}`}`;
  };
  expect(at('/bin/tool')).toBe('/usr/bin/tool copy 0');
  expect(at('/usr/link/tool')).toBe('/usr/bin/tool copy 0');
  expect(at('/usr/link')).toBe('/usr/link copy 0');
  expect(at('/usr/link/')).toBe('/usr/link copy 0');
  expect(at('/usr/out/file')).toBe('/etc/target/file outside');
  expect(at('/usr/up/target')).toBe('/etc/target outside');
  expect(at('/../usr/./bin')).toBe('/usr/bin copy 0');
  expect(at('/usr/round/x')).toMatch(/ circle$/);
  expect(at('/usr/bin/tool/x')).toBe('/usr/bin/tool/x missing');
  expect(at('/usr')).toBe('/usr copy 0');
  expect(at('/usr/.systemd-sysext/dev')).toBe('/usr/.systemd-sysext/dev metadata');
});

test('layers that cannot be looked into', () => {
  const { stack } = open([{ a: 'x' }, { b: 'x' }, {}]);
  const layers = stack.layers.map((layer, index) =>
    index === 1 ? { ...layer, root: null, hindrance: { kind: 'not-privileged' } as const } : layer,
  );
  const opened = { stack: { ...stack, layers }, reader: new LayerReader(layers) };
  const kind = (path: string) => providerOf(locate(bytesOf(base), [opened], path), false).kind;
  expect([kind('/usr/a'), kind('/usr/b'), kind('/usr/c')]).toEqual(['copy', 'unknown', 'unknown']);
});
