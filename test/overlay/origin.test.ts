import fc from 'fast-check';
import type { FileIdentity } from '../../src/host/device.js';
import type { Choice } from '../../src/overlay/choice.js';
import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import {
  formatOrigin,
  type Origin,
  parseOrigin,
  recordSource,
  type SourceRecord,
} from '../../src/overlay/origin.js';
import { anyText } from '../support/text.js';

const IDENTITY: FileIdentity = { device: '254:0', inode: 12345678901234567890n, created: 1n, modified: 2n };
const ABOUT: Pick<SourceRecord, 'version' | 'image'> = {
  version: '1.2',
  image: {
    format: 'gpt',
    partitions: ['root'],
    protection: 'verity',
    rootHash: 'ab',
    loopDevices: ['/dev/loop1'],
  },
};
const SOURCE: SourceRecord = recordSource('/var/lib/extensions/foo.raw', IDENTITY, ABOUT);

const ORIGIN: Origin = {
  mode: 'no',
  directories: new Map(),
  mountOptions: null,
  extensions: new Map([['foo', SOURCE]]),
  choice: null,
};
const CHOICE: Choice = { names: ['foo'], only: ['b*'], except: [], from: ['/srv'], order: ['foo', 'bar'] };

const withExtensions = (...extensions: (readonly [string, SourceRecord])[]): Partial<Origin> => ({
  extensions: new Map(extensions),
});

test('the record', () => {
  const directories = new Map([['/usr', '/var/lib/extensions.mutable/usr']]);
  expect(formatOrigin({ ...ORIGIN, mode: 'auto', directories, mountOptions: 'xino=off' })).toBe(
    [
      '{',
      '\t"mutable": {',
      '\t\t"mode": "auto",',
      '\t\t"mutableDirs": {',
      '\t\t\t"/usr": "/var/lib/extensions.mutable/usr"',
      '\t\t}',
      '\t},',
      '\t"mountOptions": "xino=off",',
      '\t"extensions": {',
      '\t\t"foo": {',
      '\t\t\t"path": "/var/lib/extensions/foo.raw",',
      '\t\t\t"device": "254:0",',
      '\t\t\t"inode": "12345678901234567890",',
      '\t\t\t"crtime": "1",',
      '\t\t\t"mtime": "2",',
      '\t\t\t"version": "1.2",',
      '\t\t\t"image": {',
      '\t\t\t\t"format": "gpt",',
      '\t\t\t\t"partitions": [',
      '\t\t\t\t\t"root"',
      '\t\t\t\t],',
      '\t\t\t\t"protection": "verity",',
      '\t\t\t\t"rootHash": "ab",',
      '\t\t\t\t"loopDevices": [',
      '\t\t\t\t\t"/dev/loop1"',
      '\t\t\t\t]',
      '\t\t\t}',
      '\t\t}',
      '\t}',
      '}',
      '',
    ].join('\n'),
  );
});

test('what there is none of has no field', () => {
  const record = formatOrigin({ ...ORIGIN, ...withExtensions() });
  expect(JSON.parse(record)).toEqual({ mutable: { mode: 'no' } });
});

test('the same of the same', () => {
  const copy = recordSource('/var/lib/extensions/foo.raw', { ...IDENTITY }, ABOUT);
  expect(formatOrigin({ ...ORIGIN, ...withExtensions(['foo', copy]) })).toBe(formatOrigin(ORIGIN));
});

const source = (more: Partial<FileIdentity>, path = '/var/lib/extensions/foo.raw') =>
  withExtensions(['foo', recordSource(path, { ...IDENTITY, ...more }, ABOUT)]);

test.each<[string, Partial<Origin>]>([
  ['mode', { mode: 'yes' }],
  ['write directory', { directories: new Map([['/usr', '/x']]) }],
  ['name', withExtensions(['bar', SOURCE])],
  ['path', source({}, '/run/extensions/foo.raw')],
  ['device', source({ device: '254:1' })],
  ['inode', source({ inode: IDENTITY.inode + 1n })],
  ['time of creation', source({ created: 3n })],
  ['time of modification', source({ modified: 3n })],
  ['mount options', { mountOptions: 'xino=off' }],
  ['number of extensions', withExtensions(['foo', SOURCE], ['bar', SOURCE])],
  ['lack of extensions', withExtensions()],
  ['choice', { choice: CHOICE }],
])('another %s is another record', (_, change) => {
  expect(formatOrigin({ ...ORIGIN, ...change })).not.toBe(formatOrigin(ORIGIN));
});

test.each(['__proto__', 'constructor', 'toString', '"', '\\', '}', '\u2028', '10', '-1', '扩展', '\ud800'])(
  'an extension or hierarchy called %j is in the record',
  (name) => {
    const origin = {
      ...ORIGIN,
      ...withExtensions([name, SOURCE], ['other', SOURCE]),
      directories: new Map([[name, '/x']]),
    };
    const { extensions, mutable } = JSON.parse(formatOrigin(origin)) as {
      extensions: object;
      mutable: { mutableDirs: object };
    };
    expect(Object.keys(extensions).sort()).toEqual([name, 'other'].sort());
    expect(Object.hasOwn(extensions, name)).toBe(true);
    expect(Object.hasOwn(mutable.mutableDirs, name)).toBe(true);
    expect(formatOrigin(origin)).not.toBe(formatOrigin(ORIGIN));
    expect(parseOrigin(formatOrigin(origin))).toEqual(origin);
  },
);

/** A name of digits only moves to the front, wherever the extension stands: the order follows from the names alone. */
test('two records are equal if and only if all that is in them is', () => {
  const record = fc.record({
    path: fc.constantFrom('/x', '/y'),
    device: fc.constantFrom('8:1', '8:2'),
    inode: fc.constantFrom('1', '2'),
    crtime: fc.constantFrom('0', '1'),
    mtime: fc.constantFrom('0', '1'),
    version: fc.constantFrom(null, '1'),
    image: fc.constantFrom(null, ABOUT.image),
  });
  const map = <T>(names: readonly string[], value: fc.Arbitrary<T>) =>
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), value), { selector: ([name]) => name, maxLength: 4 })
      // Version order, which depends on the names only, stands for any such order.
      .map((list) => new Map(list.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  const origins = fc.record({
    mode: fc.constantFrom(...MUTABLE_MODES),
    directories: map(['/usr', '/opt', '/1', '__proto__'], fc.constantFrom('/x', '/y')),
    mountOptions: fc.constantFrom(null, 'a', 'b'),
    extensions: map(['a', '__proto__', '1', '10', '9', 'b'], record),
    choice: fc.constantFrom(null, CHOICE, { ...CHOICE, order: ['bar', 'foo'] }),
  });
  const plain = ({ mode, directories, mountOptions, extensions, choice }: Origin) =>
    JSON.stringify([
      mode,
      choice,
      mountOptions,
      [...directories],
      [...extensions].map(([name, fields]) => [name, Object.values(fields)]),
    ]);
  fc.assert(
    fc.property(origins, origins, (a, b) => {
      expect(formatOrigin(a) === formatOrigin(b)).toBe(plain(a) === plain(b));
      expect(formatOrigin({ ...a })).toBe(formatOrigin(a));
    }),
  );
});

test('it is JSON, whatever the names', () => {
  const text = anyText();
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 5 }), text, (names, options) => {
      const record = formatOrigin({
        mode: 'yes',
        directories: new Map(names.map((name) => [name, name])),
        mountOptions: options,
        extensions: new Map(names.map((name) => [name, { ...SOURCE, path: name }])),
        choice: { ...CHOICE, names },
      });
      const parsed = JSON.parse(record) as {
        mutable: { mutableDirs?: Record<string, string> };
        extensions?: Record<string, { path: string }>;
        mountOptions: string;
      };
      const paths = Object.values(parsed.extensions ?? {}).map(({ path }) => path);
      expect(paths.sort()).toEqual(names.toSorted());
      expect(Object.values(parsed.mutable.mutableDirs ?? {}).sort()).toEqual(names.toSorted());
      expect(parsed.mountOptions).toBe(options);
    }),
    { numRuns: 40 },
  );
});
