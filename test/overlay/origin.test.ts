import fc from 'fast-check';
import { formatOrigin, type Source } from '../../src/overlay/origin.js';

const SOURCE: Source = {
  name: 'foo',
  path: '/var/lib/extensions/foo',
  identity: { device: '254:0', inode: 12345678901234567890n, created: 1n, modified: 2n },
};

test('the record', () => {
  expect(formatOrigin([SOURCE], 'xino=off')).toBe(
    [
      '{',
      '\t"mutable": {',
      '\t\t"mode": "no"',
      '\t},',
      '\t"mountOptions": "xino=off",',
      '\t"extensions": {',
      '\t\t"foo": {',
      '\t\t\t"path": "/var/lib/extensions/foo",',
      '\t\t\t"device": "254:0",',
      '\t\t\t"inode": "12345678901234567890",',
      '\t\t\t"crtime": "1",',
      '\t\t\t"mtime": "2"',
      '\t\t}',
      '\t}',
      '}',
      '',
    ].join('\n'),
  );
});

test('the same of the same', () => {
  expect(formatOrigin([{ ...SOURCE, identity: { ...SOURCE.identity } }], null)).toBe(
    formatOrigin([SOURCE], null),
  );
});

const identity = SOURCE.identity;
test.each<[string, readonly Source[], string | null]>([
  ['name', [{ ...SOURCE, name: 'bar' }], null],
  ['path', [{ ...SOURCE, path: '/run/extensions/foo' }], null],
  ['device', [{ ...SOURCE, identity: { ...identity, device: '254:1' } }], null],
  ['inode', [{ ...SOURCE, identity: { ...identity, inode: identity.inode + 1n } }], null],
  ['time of creation', [{ ...SOURCE, identity: { ...identity, created: 3n } }], null],
  ['time of modification', [{ ...SOURCE, identity: { ...identity, modified: 3n } }], null],
  ['mount options', [SOURCE], 'xino=off'],
  ['number of extensions', [SOURCE, { ...SOURCE, name: 'bar' }], null],
  ['lack of extensions', [], null],
])('another %s is another record', (_, sources, options) => {
  expect(formatOrigin(sources, options)).not.toBe(formatOrigin([SOURCE], null));
});

test.each(['__proto__', 'constructor', 'toString', '"', '\\', '}', '\u2028', '10', '-1', '扩展', '\ud800'])(
  'an extension called %j is in the record',
  (name) => {
    const sources = [
      { ...SOURCE, name },
      { ...SOURCE, name: 'other' },
    ];
    const { extensions } = JSON.parse(formatOrigin(sources, null)) as { extensions: object };
    expect(Object.keys(extensions).sort()).toEqual([name, 'other'].sort());
    expect(Object.hasOwn(extensions, name)).toBe(true);
    expect(formatOrigin(sources, null)).not.toBe(formatOrigin([SOURCE], null));
  },
);

/** A name of digits only moves to the front, wherever the extension stands: the order follows from the names alone. */
test('two records are equal if and only if all that is in them is', () => {
  const source = fc.record({
    name: fc.constantFrom('a', '__proto__', '1', '10', '9', 'b'),
    path: fc.constantFrom('/x', '/y'),
    identity: fc.record({
      device: fc.constantFrom('8:1', '8:2'),
      inode: fc.bigInt({ min: 1n, max: 2n }),
      created: fc.bigInt({ min: 0n, max: 1n }),
      modified: fc.bigInt({ min: 0n, max: 1n }),
    }),
  });
  const sources = fc
    .uniqueArray(source, { selector: ({ name }) => name, maxLength: 4 })
    // Version order, which depends on the names only, stands for any such order.
    .map((list) => list.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  const options = fc.constantFrom(null, 'a', 'b');
  const plain = (list: readonly Source[]) =>
    list.map(({ name, path, identity: id }) => [name, path, ...Object.values(id).map(String)]);
  fc.assert(
    fc.property(sources, options, sources, options, (a, x, b, y) => {
      const same = JSON.stringify([plain(a), x]) === JSON.stringify([plain(b), y]);
      expect(formatOrigin(a, x) === formatOrigin(b, y)).toBe(same);
    }),
    { numRuns: 300 },
  );
});

test('it is JSON, whatever the names', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 5 }), text, (names, options) => {
      const record = formatOrigin(
        names.map((name) => ({ ...SOURCE, name, path: name })),
        options,
      );
      const parsed = JSON.parse(record) as {
        extensions: Record<string, { path: string }>;
        mountOptions: string;
      };
      expect(
        Object.values(parsed.extensions)
          .map(({ path }) => path)
          .sort(),
      ).toEqual(names.toSorted());
      expect(parsed.mountOptions).toBe(options);
    }),
    { numRuns: 40 },
  );
});
