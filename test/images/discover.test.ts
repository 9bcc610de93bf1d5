import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CONFEXT, type ExtensionClass, SYSEXT } from '../../src/extension-class.js';
import { discoverImages } from '../../src/images/discover.js';
import type { Search } from '../../src/images/search-entry.js';
import { compareNames } from '../../src/images/version-order.js';
import { buildTree, directory, symlink, type Tree } from '../support/tree.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'discover-')));
});
afterEach(() => rmSync(root, { recursive: true }));

const [ETC, RUN, VAR] = ['etc/extensions', 'run/extensions', 'var/lib/extensions'];

function search(extensionClass: ExtensionClass): Search {
  return { root, extensionClass, places: extensionClass.searchPath, architecture: 'x86-64' };
}

/** Images as `NAME at ENTRY`, the others as `KIND at ENTRY`; entries from the root. */
function discover(tree: Tree, extensionClass = SYSEXT) {
  buildTree(root, tree);
  const { images, passedOver } = discoverImages(search(extensionClass));
  const brief = (word: string, entry: string) => `${word} at ${entry.slice(root.length + 1)}`;
  return {
    images: images.map(({ name, entry }) => brief(name, entry)),
    passedOver: passedOver.map(({ kind, entry }) => brief(kind, entry)),
  };
}

test('nothing installed, or not even the directories', () => {
  const nothing = { images: [], passedOver: [] };
  expect(discover({})).toEqual(nothing);
  expect(discover({ [ETC]: directory(), [VAR]: directory() })).toEqual(nothing);
});

test('the earlier directory wins', () => {
  const tree = {
    [`${VAR}/a/x`]: '',
    [`${RUN}/a/x`]: '',
    [`${ETC}/a.raw`]: '',
    [`${VAR}/b/x`]: '',
    [`${RUN}/b.raw`]: '',
  };
  expect(discover(tree)).toEqual({
    images: [`a at ${ETC}/a.raw`, `b at ${RUN}/b.raw`],
    passedOver: [`hidden at ${RUN}/a`, `hidden at ${VAR}/a`, `hidden at ${VAR}/b`],
  });
});

test('within one directory the order of the file names decides', () => {
  const tree = {
    [`${ETC}/a`]: directory(),
    [`${ETC}/a.raw`]: '',
    [`${ETC}/a.sysext`]: directory(),
    [`${ETC}/a.raw.v/a_9.raw`]: '',
  };
  expect(discover(tree)).toEqual({
    images: [`a at ${ETC}/a`],
    passedOver: [`hidden at ${ETC}/a.raw`, `hidden at ${ETC}/a.raw.v`, `hidden at ${ETC}/a.sysext`],
  });
});

test('it tells who hides it', () => {
  buildTree(root, { [`${ETC}/a`]: directory(), [`${VAR}/a.raw`]: '' });
  const { passedOver } = discoverImages(search(SYSEXT));
  expect(passedOver).toEqual([
    { kind: 'hidden', name: 'a', entry: join(root, VAR, 'a.raw'), by: join(root, ETC, 'a') },
  ]);
});

test('masks: an empty directory is an image, a symlink to /dev/null is none, and both hide', () => {
  const tree = {
    [`${ETC}/a`]: directory(),
    [`${ETC}/b.raw`]: symlink('/dev/null'),
    [`${VAR}/a.raw`]: '',
    [`${VAR}/b`]: directory(),
    [`${VAR}/c.raw`]: symlink('/dev/null'),
  };
  expect(discover(tree)).toEqual({
    images: [`a at ${ETC}/a`],
    passedOver: [
      `masked at ${ETC}/b.raw`,
      `hidden at ${VAR}/a.raw`,
      `hidden at ${VAR}/b`,
      `masked at ${VAR}/c.raw`,
    ],
  });
});

test('a mask that is hidden itself masks nothing', () => {
  expect(discover({ [`${ETC}/a`]: directory(), [`${VAR}/a`]: symlink('/dev/null') })).toEqual({
    images: [`a at ${ETC}/a`],
    passedOver: [`hidden at ${VAR}/a`],
  });
});

test('what is no image hides nothing', () => {
  const tree = {
    [`${ETC}/a`]: 'no directory',
    [`${ETC}/b`]: symlink('nowhere'),
    [`${ETC}/c`]: symlink('c'),
    [`${ETC}/d.raw.v`]: directory(),
    [`${ETC}/.#e`]: directory(),
    [`${VAR}/a/x`]: '',
    [`${VAR}/b/x`]: '',
    [`${VAR}/c/x`]: '',
    [`${VAR}/d.raw`]: '',
  };
  expect(discover(tree)).toEqual({
    images: [`a at ${VAR}/a`, `b at ${VAR}/b`, `c at ${VAR}/c`, `d at ${VAR}/d.raw`],
    passedOver: [
      `bad-name at ${ETC}/.#e`,
      `no-image at ${ETC}/a`,
      `dangling at ${ETC}/b`,
      `unreachable at ${ETC}/c`,
      `no-version at ${ETC}/d.raw.v`,
    ],
  });
});

test('in version order, the last is the top layer', () => {
  const names = ['foo_10', 'foo_9', 'Foo', '2', 'foo-a', 'foo', 'foo~rc1'];
  const tree = Object.fromEntries(names.map((name) => [`${VAR}/${name}`, directory()]));
  expect(discover(tree).images.map((image) => image.split(' ')[0])).toEqual(names.toSorted(compareNames));
});

test('a search directory may be a symlink, also one that leads to another', () => {
  expect(
    discover({ [ETC]: symlink('/store'), [VAR]: symlink('../../../../store'), 'store/a/x': '' }),
  ).toEqual({
    images: ['a at store/a'],
    passedOver: ['hidden at store/a'],
  });
  rmSync(join(root, ETC));
  expect(discover({ [ETC]: symlink('/proc') }).images).toEqual(['a at store/a']);
});

test('a search directory that is a file is an error', () => {
  expect(() => discover({ [ETC]: '' })).toThrow('ENOTDIR');
});

test('only the given places are looked in, in their order', () => {
  buildTree(root, { [`${ETC}/a/x`]: '', [`${VAR}/a.raw`]: '', [`${RUN}/b/x`]: '' });
  const { images, passedOver } = discoverImages({ ...search(SYSEXT), places: [`/${VAR}`, `/${ETC}`] });
  expect(images.map(({ entry }) => entry)).toEqual([join(root, VAR, 'a.raw')]);
  expect(passedOver.map(({ entry }) => entry)).toEqual([join(root, ETC, 'a')]);
  expect(discoverImages({ ...search(SYSEXT), places: [] })).toEqual({ images: [], passedOver: [] });
});

test('configuration extensions are elsewhere', () => {
  const tree = { 'usr/lib/confexts/a/x': '', 'run/confexts/a.confext/x': '', [`${ETC}/b/x`]: '' };
  expect(discover(tree, CONFEXT)).toEqual({
    images: ['a at run/confexts/a.confext'],
    passedOver: ['hidden at usr/lib/confexts/a'],
  });
});

test('names that are no UTF-8 stay apart from those that look like them', () => {
  mkdirSync(join(root, ETC), { recursive: true });
  mkdirSync(Buffer.concat([Buffer.from(`${root}/${ETC}/a`), Buffer.from([0xff])]));
  expect(discover({ [`${ETC}/a\ufffd`]: directory() })).toEqual({
    images: [`a\ufffd at ${ETC}/a\ufffd`],
    passedOver: [`bad-name at ${ETC}/a\ufffd`],
  });
});

test('a thousand images', () => {
  mkdirSync(join(root, VAR), { recursive: true });
  for (let index = 0; index < 1000; index++) writeFileSync(join(root, VAR, `foo${index}.raw`), '');
  const { images, passedOver } = discover({ [`${ETC}/foo500`]: directory() });
  expect(images).toHaveLength(1000);
  expect(images[500]).toBe(`foo500 at ${ETC}/foo500`);
  expect(images.map((image) => image.split(' ')[0])).toEqual(
    Array.from({ length: 1000 }, (_, index) => `foo${index}`),
  );
  expect(passedOver).toEqual([`hidden at ${VAR}/foo500.raw`]);
});

test('any entries: each is told once, and no name twice', () => {
  const name = fc.constantFrom(
    'a',
    'b',
    'a.raw',
    'b.raw',
    'a.sysext',
    'a.sysext.raw',
    'a.raw.v',
    '.#a',
    'c.txt',
  );
  const kind = fc.constantFrom('file', 'directory', 'mask', 'dangling', 'circle');
  const entries = fc.dictionary(
    fc.tuple(fc.constantFrom(ETC, RUN, VAR), name).map((parts) => parts.join('/')),
    kind,
    {
      maxKeys: 10,
    },
  );
  let count = 0;
  const base = root;
  fc.assert(
    fc.property(entries, (wanted) => {
      root = join(base, String(count++));
      mkdirSync(root);
      const entryOf = {
        file: '',
        directory: directory(),
        mask: symlink('/dev/null'),
        dangling: symlink('nowhere'),
        circle: symlink('../../circle/x'),
      };
      const tree = Object.fromEntries(Object.entries(wanted).map(([path, what]) => [path, entryOf[what]]));
      const { images, passedOver } = discover(tree);
      const told = [...images, ...passedOver].map((line) => line.slice(line.indexOf(' at ') + 4));
      expect(told.sort()).toEqual(Object.keys(wanted).sort());
      const names = images.map((line) => line.slice(0, line.indexOf(' at ')));
      expect(names).toEqual([...new Set(names)].sort(compareNames));
    }),
    { numRuns: 40 },
  );
  root = base;
});
