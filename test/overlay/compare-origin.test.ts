import fc from 'fast-check';
import { compareOrigins } from '../../src/overlay/compare-origin.js';
import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import {
  formatOrigin,
  type ImageRecord,
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
  version: null,
  image: null,
};
const SIGNED: ImageRecord = {
  format: 'gpt',
  partitions: ['root'],
  protection: 'signed',
  rootHash: 'ab',
  loopDevices: ['/dev/loop1'],
};

const origin: Origin = {
  mode: 'no',
  directories: new Map(),
  mountOptions: null,
  extensions: new Map([['a', source]]),
  choice: null,
};

const anyImage = fc.record({
  format: fc.string(),
  partitions: fc.array(fc.string()),
  protection: fc.constantFrom('unprotected', 'verity', 'signed', 'encrypted'),
  rootHash: fc.option(fc.string()),
  loopDevices: fc.array(fc.string()),
});

const anyText = fc.array(fc.string({ minLength: 1 }));
const anyChoice = fc.record({
  names: anyText,
  only: anyText,
  except: anyText,
  from: anyText,
  order: anyText,
});

const anyOrigin = fc.record({
  choice: fc.option(anyChoice),
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
          version: fc.option(fc.string()),
          image: fc.option(anyImage),
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
  expect(recordSource('/a', identity, { version: null, image: null }).mtime).toBe('0');
  expect(recordSource('/a.raw', identity, { version: null, image: SIGNED }).mtime).toBe('3');
});

describe('images', () => {
  const withImage = (image: ImageRecord | null, more: Partial<SourceRecord> = {}): Origin => ({
    ...origin,
    extensions: new Map([['a', { ...source, ...more, image }]]),
  });
  const copy = { inode: '43', mtime: '9', device: '8:2', crtime: '7' };
  const changes = (before: ImageRecord, now: ImageRecord, more: Partial<SourceRecord> = copy) =>
    compareOrigins(withImage(before), withImage(now, more));

  test('with a root hash that was checked, a copy is as good as the file', () => {
    expect(changes(SIGNED, { ...SIGNED, loopDevices: ['/dev/loop2'] })).toEqual([]);
    expect(changes({ ...SIGNED, protection: 'verity' }, { ...SIGNED, protection: 'verity' })).toEqual([]);
  });

  test.each<[string, Partial<ImageRecord>]>([
    ['another root hash', { rootHash: 'cd' }],
    ['none', { rootHash: null }],
  ])('%s', (_, now) => {
    expect(changes(SIGNED, { ...SIGNED, ...now })).toMatchObject([{ kind: 'replaced', extension: 'a' }]);
  });

  test('a root hash that nobody has checked says nothing', () => {
    const unchecked = { ...SIGNED, protection: 'unprotected' } as const;
    expect(changes(unchecked, unchecked)).toMatchObject([{ kind: 'replaced' }]);
  });

  test('of two partitions one root hash says too little', () => {
    const both = { ...SIGNED, partitions: ['root', 'usr'] };
    expect(changes(both, both)).toMatchObject([{ kind: 'replaced' }]);
  });

  test('the same file, less protection', () => {
    expect(changes(SIGNED, { ...SIGNED, protection: 'verity' }, {})).toEqual([
      { kind: 'protection', extension: 'a', before: 'signed', now: 'verity' },
    ]);
  });

  test('another path', () => {
    expect(changes(SIGNED, SIGNED, { path: '/b' })).toMatchObject([{ kind: 'moved' }]);
  });
});
