import fc from 'fast-check';
import { compareOrigins } from '../../src/overlay/compare-origin.js';
import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import {
  formatOrigin,
  type Origin,
  parseOrigin,
  recordSource,
  type SourceRecord,
} from '../../src/overlay/origin.js';

const source: SourceRecord = {
  path: '/var/lib/extensions/a',
  device: '8:1',
  inode: '42',
  crtime: '1',
  mtime: '0',
};
const origin: Origin = {
  mode: 'no',
  directories: new Map(),
  mountOptions: null,
  extensions: new Map([['a', source]]),
};

const anyOrigin = fc.record({
  mode: fc.constantFrom(...MUTABLE_MODES),
  directories: fc.array(fc.tuple(fc.string(), fc.string())).map((entries) => new Map(entries)),
  mountOptions: fc.option(fc.string()),
  extensions: fc
    .array(
      fc.tuple(
        fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '1', '2')),
        fc.record({
          path: fc.string(),
          device: fc.string(),
          inode: fc.string(),
          crtime: fc.string(),
          mtime: fc.string(),
        }),
      ),
    )
    .map((entries) => new Map(entries)),
});

test('an origin that was written and read again has not changed', () => {
  fc.assert(
    fc.property(anyOrigin, (any) => {
      const read = parseOrigin(formatOrigin(any));
      expect(read).not.toBeNull();
      expect(compareOrigins(read, any)).toEqual([]);
    }),
  );
});

test.each<[string, Partial<Origin>, object]>([
  ['the mode', { mode: 'auto' }, { kind: 'mutable-mode', before: 'no', now: 'auto' }],
  [
    'a write directory',
    { directories: new Map([['/usr', '/w']]) },
    { kind: 'write-directory', hierarchy: '/usr', before: null, now: '/w' },
  ],
  ['the mount options', { mountOptions: 'x' }, { kind: 'mount-options', before: null, now: 'x' }],
  [
    'a new extension',
    {
      extensions: new Map([
        ['a', source],
        ['b', source],
      ]),
    },
    { kind: 'added', extension: 'b' },
  ],
  ['an extension less', { extensions: new Map() }, { kind: 'removed', extension: 'a' }],
  [
    'another path',
    { extensions: new Map([['a', { ...source, path: '/x' }]]) },
    { kind: 'moved', extension: 'a', before: source.path, now: '/x' },
  ],
  [
    'another file',
    { extensions: new Map([['a', { ...source, inode: '43', crtime: '2' }]]) },
    { kind: 'replaced', extension: 'a', fields: ['inode', 'crtime'] },
  ],
])('%s is named', (_, change, expected) => {
  expect(compareOrigins(origin, { ...origin, ...change })).toEqual([expected]);
});

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['another shape', '[]'],
  ['an unknown mode', '{"mutable":{"mode":"sometimes"}}'],
  [
    'a record of systemd-sysext',
    '{"mutable":{"mode":"no"},"extensions":{"a":{"path":"/a","onMountId":1,"crtime":2,"mtime":0}}}',
  ],
])('%s counts as changed', (_, text) => {
  expect(parseOrigin(text)).toBeNull();
  expect(compareOrigins(parseOrigin(text), origin)).toEqual([{ kind: 'unknown-record' }]);
});

test('any text is read without an error', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseOrigin(text) === null || true));
});

test('the modification time of a directory does not count', () => {
  const identity = { device: '8:1', inode: 1n, created: 2n, modified: 3n };
  expect(recordSource('/a', identity, true).mtime).toBe('0');
  expect(recordSource('/a.raw', identity, false).mtime).toBe('3');
});
