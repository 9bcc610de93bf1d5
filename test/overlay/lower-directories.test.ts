import { join } from 'node:path';
import fc from 'fast-check';
import { encodeLowerDirectories, isPlainPath, MAX_LAYERS } from '../../src/overlay/lower-directories.js';
import { anyText } from '../support/text.js';

test('paths as they are, as long as they fit', () => {
  const paths = ['/run/systemd/sysext/meta/usr', '/var/lib/extensions/foo_1.2~rc1+git^3@x=y-z/usr', '/usr'];
  expect(encodeLowerDirectories(paths)).toEqual({ value: paths.join(':'), links: new Map() });
});

test.each([':', ',', '\\', ' ', '"', "'", '\n', '\t', '#', '$', '*', 'ü', '扩', '\x1b', '%'])(
  'a symlink stands for a path with %j',
  (character) => {
    const path = `/x/a${character}b/usr`;
    expect(encodeLowerDirectories(['/meta', path, '/usr'])).toEqual({
      value: '/meta:1:/usr',
      links: new Map([['1', path]]),
    });
  },
);

test.each(['/usr', '/var/lib/extensions.mutable/usr', '/a_1.2~rc1+git^3@x=y-z', `/${'x'.repeat(255)}`])(
  '%s is plain',
  (path) => {
    expect(isPlainPath(path)).toBe(true);
  },
);

test.each([
  '',
  '/a b',
  '/a:b',
  '/a,b',
  '/a\\b',
  '/a"b',
  "/a'b",
  '/a\n',
  '/ü',
  '/a%',
  '/a#',
  `/${'x'.repeat(437)}`,
])('%j is not plain', (path) => {
  expect(isPlainPath(path)).toBe(false);
});

test('eight plain paths fit beside each other', () => {
  expect(isPlainPath(`/${'x'.repeat(436)}`)).toBe(true);
});

test('a special character at the very end', () => {
  expect(encodeLowerDirectories(['/a\n']).value).toBe('0');
});

test('symlinks for all of them when the paths fill more than a page', () => {
  const paths = Array.from({ length: 200 }, (_, index) => `/var/lib/extensions/extension-${index}/usr`);
  const { value, links } = encodeLowerDirectories(paths);
  expect(value.split(':')).toEqual(paths.map((_, index) => String(index)));
  expect([...links.values()]).toEqual(paths);
});

test('directories with numbers for names are told from symlinks by their slash', () => {
  const paths = ['/0', '/1:', '/2', '/1'];
  const { value, links } = encodeLowerDirectories(paths);
  expect(value).toBe('/0:1:/2:/1');
  expect(links).toEqual(new Map([['1', '/1:']]));
});

test('as many as the kernel takes, with the longest of names', () => {
  const paths = Array.from({ length: MAX_LAYERS }, (_, index) => `/${String(index).padStart(255, 'x')}/usr`);
  const { value, links } = encodeLowerDirectories(paths);
  expect(value.length).toBeLessThan(2000);
  expect(links.size).toBe(MAX_LAYERS);
});

test('any paths: a page has room for it, and what mount(8) and overlayfs read is the list', () => {
  const segment = fc.oneof(
    anyText({ minLength: 1, maxLength: 12 }).filter((text) => !/[/\0]/.test(text)),
    fc.stringMatching(/^[a-z0-9.~^+@=-]{1,40}$/),
    fc.stringMatching(/^[0-9]{1,3}$/),
  );
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
  const paths = fc.oneof(
    fc.array(path, { minLength: 1, maxLength: 20 }),
    fc.array(path, { minLength: 300, maxLength: 498, size: 'max' }),
  );
  fc.assert(
    fc.property(paths, (list) => {
      const { value, links } = encodeLowerDirectories(list);
      // Half a kilobyte stays for the other options.
      expect(Buffer.byteLength(value)).toBeLessThanOrEqual(3584);
      expect(value).toMatch(/^[A-Za-z0-9_/.~^+@=:-]+$/);
      const parts = value.split(':');
      expect(parts.map((part) => (part.startsWith('/') ? part : links.get(part)))).toEqual(list);
      expect(parts.filter((part) => !part.startsWith('/'))).toEqual([...links.keys()]);
      for (const name of links.keys()) expect(join('/', name)).toMatch(/^\/\d{1,3}$/);
    }),
    { numRuns: 8 },
  );
});
