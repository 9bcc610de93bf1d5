import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { findReleaseFile } from '../../src/release/release-file.js';
import { below, buildTree, device, directory, fifo, file, symlink, type Tree } from '../support/tree.js';

const PLACE = 'usr/lib/extension-release.d';
const ANY = 'ID=_any\n';

let base: string;
let image: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'release-file-')));
  image = join(base, 'image');
  buildTree(base, { image: directory(), outside: ANY });
});
afterEach(() => rmSync(base, { recursive: true }));

function strict(value: string, content = ANY) {
  return file(content, { xattrs: { 'user.extension-release.strict': value } });
}

/** @param releases files by the name of the image that they are for */
function find(name: string, releases: Tree, more: Tree = {}) {
  const files = Object.entries(releases).map(([key, entry]) => [`extension-release.${key}`, entry]);
  buildTree(image, { ...below(PLACE, Object.fromEntries(files)), ...more });
  return findReleaseFile(image, name, SYSEXT);
}

/** Checked with systemd-sysext 262, each row. */
test.each([
  ['foo', 'foo', 'name'],
  ['foo_1', 'foo_1', 'name'],
  ['foo_1', 'foo', 'version-cut'],
  ['foo+3', 'foo', 'version-cut'],
  ['foo+3_1', 'foo', 'version-cut'],
  ['foo_1_x86-64+3-1', 'foo', 'version-cut'],
  ['foo.raw', 'foo', 'version-cut'],
  ['foo.confext.raw', 'foo', 'version-cut'],
  ['foo.raw_1', 'foo.raw', 'version-cut'],
  ['fo o_1', 'fo o', 'version-cut'],
  ['_foo', '_foo', 'name'],
  ['foo', 'foo_1', null],
  ['foo_1', 'foo_2', null],
  ['foo_1_2', 'foo_1', null],
  ['foo-1', 'foo', null],
  ['foo.raw_1', 'foo', null],
  ['_foo', 'foo', null],
  ['foo', 'bar', null],
])('the image %s with a release file for %s: %s', (name, other, via) => {
  const path = `/${PLACE}/extension-release.${other}`;
  expect(find(name, { [other]: ANY })).toEqual(
    via === null
      ? {
          kind: 'missing',
          wanted: `/${PLACE}/extension-release.${name}`,
          others: [other],
          getfattrMissing: false,
        }
      : {
          kind: 'found',
          path,
          fileName: `extension-release.${other}`,
          via,
          fields: new Map([['ID', '_any']]),
          problems: [],
        },
  );
});

test.each(['0', 'no', 'N', 'FALSE', 'f', 'off', '0x6e6f00'])('an attribute %j is not strict', (value) => {
  expect(find('foo', { bar: strict(value) })).toMatchObject({ kind: 'found', via: 'not-strict' });
});

test.each(['1', 'yes', 'nope', ' no', '""', '0x6e6f0a', '0x6e6f0061'])(
  'an attribute %j is strict',
  (value) => {
    expect(find('foo', { bar: strict(value) })).toMatchObject({ kind: 'missing', others: ['bar'] });
  },
);

test.each([
  ['two that need not fit', 'foo', { bar: strict('0'), baz: strict('0') }, 'ambiguous'],
  ['one that need not fit, one that must', 'foo', { bar: strict('0'), baz: ANY }, 'found'],
  ['one without the version, one that need not fit', 'foo_1', { foo: ANY, bar: strict('0') }, 'ambiguous'],
  ['one without the version, strict', 'foo_1', { foo: strict('1'), bar: ANY }, 'found'],
  ['the name itself, others beside it', 'foo', { foo: ANY, bar: strict('0') }, 'found'],
  ['nothing but a version in the name', '_1', { bar: strict('0') }, 'missing'],
  ['a symlink that need not fit', 'foo', { bar: symlink('/etc/x') }, 'missing'],
  ['a dangling symlink, one that need not fit', 'foo', { foo: symlink('x'), bar: strict('0') }, 'found'],
  ['a name with special characters', 'foo', { 'b=a\\r ü': strict('0') }, 'found'],
  ['a temporary file', 'foo', { '.#x': strict('0') }, 'missing'],
  ['no name', 'foo', { '': strict('0') }, 'missing'],
])('%s', (_, name, releases: Tree, kind) => {
  expect(find(name, releases, { 'etc/x': ANY }).kind).toBe(kind);
});

test('the candidates are told in order', () => {
  expect(find('foo_1', { z: strict('0'), foo: ANY, a: strict('0') })).toEqual({
    kind: 'ambiguous',
    candidates: ['extension-release.a', 'extension-release.foo', 'extension-release.z'],
  });
});

test('one file more than a call of getfattr(1) is given', () => {
  const names = Array.from({ length: 1001 }, (_, i) => `n${i}`);
  const releases: Tree = Object.fromEntries(names.map((name) => [name, ANY]));
  expect(find('foo', { ...releases, zzz: strict('0') })).toMatchObject({ via: 'not-strict' });
});

test('so many files that no image has them honestly are not looked through', () => {
  const names = Array.from({ length: 10_001 }, (_, i) => `n${i}`);
  buildTree(image, { [PLACE]: directory() });
  for (const name of names) writeFileSync(join(image, PLACE, `extension-release.${name}`), ANY);
  expect(findReleaseFile(image, 'foo', SYSEXT)).toMatchObject({
    kind: 'unreadable',
    path: `/${PLACE}`,
    cause: { message: 'more than 10000 files are in it' },
  });
  // The one that is asked for needs no look at the others.
  expect(findReleaseFile(image, 'n7', SYSEXT)).toMatchObject({ kind: 'found', via: 'name' });
});

test('without getfattr(1) nothing but the name counts, and that is told', () => {
  const { PATH } = process.env;
  process.env['PATH'] = '/nonexistent';
  try {
    buildTree(image, { [`${PLACE}/extension-release.bar`]: ANY });
    expect(findReleaseFile(image, 'foo', SYSEXT)).toMatchObject({ kind: 'missing', getfattrMissing: true });
    expect(findReleaseFile(image, 'bar_1', SYSEXT)).toMatchObject({ kind: 'found', via: 'version-cut' });
  } finally {
    process.env['PATH'] = PATH;
  }
});

test('a file name that is no UTF-8 is passed over', () => {
  buildTree(image, { [PLACE]: directory() });
  const name = Buffer.concat([Buffer.from(`${image}/${PLACE}/extension-release.`), Buffer.from([0xff])]);
  writeFileSync(name, ANY);
  const script = 'setfattr --name=user.extension-release.strict --value=0 -- "$0"/*';
  execFileSync('sh', ['-c', script, join(image, PLACE)]);
  expect(findReleaseFile(image, 'foo', SYSEXT)).toMatchObject({ kind: 'missing', others: [] });
});

describe('symlinks stay in the image', () => {
  test('to a file in it', () => {
    expect(find('foo', { foo: symlink('/usr/r') }, { 'usr/r': ANY })).toMatchObject({
      kind: 'found',
      path: `/${PLACE}/extension-release.foo`,
    });
    expect(find('bar', { bar: symlink('../../r') })).toMatchObject({ kind: 'found' });
  });

  test('an absolute one to a file of the machine', () => {
    expect(find('foo', { foo: symlink(join(base, 'outside')) }).kind).toBe('missing');
  });

  test('one that climbs out', () => {
    expect(find('foo', { foo: symlink('../../../../outside') }).kind).toBe('missing');
  });

  test('the directory itself', () => {
    buildTree(image, { [PLACE]: symlink('/r'), 'r/extension-release.foo': ANY });
    expect(findReleaseFile(image, 'foo_1', SYSEXT)).toMatchObject({ via: 'version-cut' });
  });

  test('in a circle', () => {
    const release = find('foo', { foo: symlink('extension-release.foo') });
    expect(release).toMatchObject({ kind: 'unreadable', path: `/${PLACE}/extension-release.foo` });
  });
});

describe('what is no text file is not read', () => {
  test.each([
    ['a directory', directory()],
    ['a FIFO', fifo()],
    ['a file of more than a megabyte', file(`ID=_any\n${'#'.repeat(1024 * 1024)}`)],
  ])('%s', (_, entry) => {
    expect(find('foo', { foo: entry })).toMatchObject({ kind: 'unreadable', cause: expect.any(Error) });
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('a device, as root', () => {
    expect(find('foo', { foo: device('c', 1, 5) }).kind).toBe('unreadable');
    expect(find('bar', { bar: symlink('/zero') }, { zero: device('c', 1, 5) }).kind).toBe('unreadable');
  });

  test('and does not count under another name', () => {
    expect(find('foo_1', { foo: directory() })).toMatchObject({ kind: 'missing', others: [] });
  });
});

test.each([
  ['no directory', {}],
  ['a file instead of the directory', { [PLACE]: ANY }],
  ['a file instead of its parent', { 'usr/lib': ANY }],
])('%s: missing', (_, tree: Tree) => {
  buildTree(image, tree);
  expect(findReleaseFile(image, 'foo_1', SYSEXT)).toMatchObject({ kind: 'missing', others: [] });
});

test.each(['', '\n\n', '# ID=_any\n', 'garbage\n'])('%j is as good as empty', (text) => {
  expect(find('foo', { foo: text })).toMatchObject({
    kind: 'empty',
    path: `/${PLACE}/extension-release.foo`,
  });
});

test('configuration extensions have their own place', () => {
  buildTree(image, { 'etc/extension-release.d/extension-release.foo': ANY });
  expect(findReleaseFile(image, 'foo', CONFEXT)).toMatchObject({
    path: '/etc/extension-release.d/extension-release.foo',
  });
  expect(findReleaseFile(image, 'foo', SYSEXT).kind).toBe('missing');
});
