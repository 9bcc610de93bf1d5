import type { Entry } from '../../../src/layers/entry.js';
import type { Hindrance, Layer, LayerStack } from '../../../src/layers/layer.js';
import { NO_MARKS } from '../../../src/layers/marks.js';
import type { Cover, Judged } from '../../../src/layers/rules.js';
import { describeConflict } from '../../../src/report/layers/conflicts.js';
import {
  count,
  describeCover,
  describeHindrance,
  enumerate,
  nameLayer,
  placeOf,
} from '../../../src/report/layers/words.js';

const layer = (more: Partial<Layer>): Layer => ({
  owner: { kind: 'extension', name: 'a' },
  source: '/var/lib/extensions/a.raw',
  inside: '/usr',
  root: '',
  hindrance: null,
  hasChanged: false,
  marks: NO_MARKS,
  ...more,
});
const HOST = layer({ owner: { kind: 'host' }, source: '/usr' });
const WRITTEN = layer({ owner: { kind: 'write-directory' }, source: '/var/lib/extensions.mutable/usr' });
const STACK: LayerStack = {
  hierarchy: '/usr',
  path: '/usr',
  place: '/usr',
  isMerged: true,
  layers: [WRITTEN, layer({}), HOST],
  mounts: [],
  metadata: null,
};
const ENTRY: Entry = { type: 'file', mode: 0o644, uid: 0, gid: 5, size: 0, device: 0, mtime: 0, ctime: 0 };
const copy = (index: number, more: Partial<Judged> = {}): Judged => ({
  layer: index,
  path: 'x\x1b',
  entry: ENTRY,
  isOpaque: false,
  fate: { kind: 'shown' },
  ...more,
});

test('layers and places', () => {
  expect(STACK.layers.map(nameLayer)).toEqual([
    "the write directory '/var/lib/extensions.mutable/usr'",
    "'a'",
    'the host',
  ]);
  expect(STACK.layers.map((one) => placeOf(one, 'x'))).toEqual([
    '/var/lib/extensions.mutable/usr/x',
    '/var/lib/extensions/a.raw/usr/x',
    '/usr/x',
  ]);
});

test.each([
  ['file', null, "'a' has it too"],
  ['file', '/usr/d', "'/usr/d' is no directory in 'a'"],
  ['directory', null, "it is a directory in 'a'"],
  ['between', null, "'a', which is hidden too, has no directory there"],
  ['whiteout', null, "'a' removes it (whiteout)"],
  ['whiteout', '/usr/d', "'a' removes '/usr/d' (whiteout)"],
  ['opaque', '/usr/d', "the directory '/usr/d' of 'a' is opaque"],
  ['mount', null, 'a mount covers it'],
  ['mount', '/usr/d', "a mount at '/usr/d' covers it"],
] satisfies [Cover, string | null, string][])('covered by %s at %s', (cover, at, text) => {
  const by = cover === 'mount' ? null : 1;
  expect(describeCover(STACK, copy(2, { fate: { kind: 'hidden', by, cover } }), at)).toBe(text);
});

test('why a layer could not be looked into', () => {
  const texts = (['not-privileged', 'permission', 'gone', 'in-memory'] as const).map((kind) =>
    describeHindrance(layer({ hindrance: { kind } satisfies Hindrance })),
  );
  expect(new Set(texts).size).toBe(4);
  for (const text of texts) expect(text).not.toMatch(/^it cannot be looked into/);
  expect(describeHindrance({ ...HOST, hindrance: { kind: 'not-privileged' } })).toContain('under a merge');
  const failed = { kind: 'failed', cause: new Error('no\x1b') } as const;
  expect(describeHindrance(layer({ hindrance: failed }))).toBe('Error: no\x1b');
});

test('conflicts', () => {
  const describe = (
    kind: Parameters<typeof describeConflict>[0]['kind'],
    winner: Judged | null,
    loser: Judged,
  ) => describeConflict({ stack: STACK, kind, path: 'x', winner, loser });
  expect(describe('content', copy(1), copy(2))).toBe("/usr/x: 'a' hides that of the host");
  expect(describe('mode', copy(1), copy(2, { entry: { ...ENTRY, mode: 0o4755 } }))).toBe(
    "/usr/x: 'a' (mode 0644, owner 0:5) wins over the host (mode 4755, owner 0:5)",
  );
  expect(describe('type', copy(1), copy(2, { entry: { ...ENTRY, type: 'symlink' } }))).toBe(
    "/usr/x: a file of 'a' hides the symlink of the host",
  );
  expect(describe('mount', null, copy(1))).toBe("/usr/x: what 'a' has there is covered by a mount");
});

test('lists and numbers', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(enumerate)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  expect([count(1, 'file'), count(2, 'file')]).toEqual(['1 file', '2 files']);
});
