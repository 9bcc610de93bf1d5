import { chmodSync, mkdtempSync, realpathSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFEXT, type ExtensionClass, SYSEXT } from '../../src/extension-class.js';
import type { Image, PassedOver } from '../../src/images/image.js';
import { examineEntry, type Search } from '../../src/images/search-entry.js';
import { buildTree, device, directory, fifo, symlink, type Tree } from '../support/tree.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'search-entry-')));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

const DIRECTORY = 'etc/extensions';

function search(extensionClass: ExtensionClass): Search {
  return { root, extensionClass, places: [`/${DIRECTORY}`], architecture: 'x86-64' };
}

function examine(name: string | Buffer, tree: Tree = {}, extensionClass = SYSEXT): Image | PassedOver {
  buildTree(root, { [DIRECTORY]: directory(), ...tree });
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  return examineEntry(search(extensionClass), join(root, DIRECTORY), bytes);
}

/** The same in short: what kind, by which name, where; all paths from the root. */
function brief(found: Image | PassedOver): string {
  const path = 'path' in found ? ` at ${found.path.slice(root.length)}` : '';
  return `${found.kind}${'name' in found ? ` '${found.name}'` : ''}${path}`;
}

const D = DIRECTORY;
test.each<[string, Tree, string]>([
  ['foo', { [`${D}/foo`]: directory() }, "directory 'foo' at /etc/extensions/foo"],
  ['foo.sysext', { [`${D}/foo.sysext`]: directory() }, "directory 'foo' at /etc/extensions/foo.sysext"],
  [
    'foo.confext',
    { [`${D}/foo.confext`]: directory() },
    "directory 'foo.confext' at /etc/extensions/foo.confext",
  ],
  ['foo.raw', { [`${D}/foo.raw`]: directory() }, "directory 'foo.raw' at /etc/extensions/foo.raw"],
  ['foo.raw', { [`${D}/foo.raw`]: '' }, "raw 'foo' at /etc/extensions/foo.raw"],
  ['foo.sysext.raw', { [`${D}/foo.sysext.raw`]: '' }, "raw 'foo' at /etc/extensions/foo.sysext.raw"],
  ['foo.raw.sysext', { [`${D}/foo.raw.sysext`]: '' }, 'no-image'],
  ['foo', { [`${D}/foo`]: '' }, 'no-image'],
  ['foo.img', { [`${D}/foo.img`]: '' }, 'no-image'],
  ['foo.raw', { [`${D}/foo.raw`]: fifo() }, 'no-image'],
  ['.raw', { [`${D}/.raw`]: '' }, 'no-image'],
  ['.sysext', { [`${D}/.sysext`]: directory() }, 'no-image'],
  ['.hidden', { [`${D}/.hidden`]: directory() }, "directory '.hidden' at /etc/extensions/.hidden"],
  ['.#foo', { [`${D}/.#foo`]: directory() }, 'bad-name'],
  ['a\nb', { [`${D}/a\nb`]: directory() }, 'bad-name'],
  ['größe 扩', { [`${D}/größe 扩`]: directory() }, "directory 'größe 扩' at /etc/extensions/größe 扩"],
  ['l', { [`${D}/l`]: symlink('/x'), 'x/y': '' }, "directory 'l' at /x"],
  ['l', { [`${D}/l`]: symlink('../../x'), 'x/y': '' }, "directory 'l' at /x"],
  ['l', { [`${D}/l`]: symlink('../../../../../../../x'), 'x/y': '' }, "directory 'l' at /x"],
  ['l.raw', { [`${D}/l.raw`]: symlink('/x_1.img'), 'x_1.img': '' }, "raw 'l' at /x_1.img"],
  ['l', { [`${D}/l`]: symlink('/x.raw'), 'x.raw': '' }, 'no-image'],
  ['l', { [`${D}/l`]: symlink('/proc') }, 'dangling'],
  ['l', { [`${D}/l`]: symlink('nowhere') }, 'dangling'],
  ['l', { [`${D}/l`]: symlink('/f/x'), f: '' }, 'dangling'],
  ['l', { [`${D}/l`]: symlink('l') }, 'unreachable'],
  ['gone', {}, 'dangling'],
])('%s in %j: %s', (name, tree, wanted) => {
  expect(brief(examine(name, tree))).toBe(wanted);
});

test.each<[string, Tree]>([
  ['..raw', { [`${D}/..raw`]: '' }],
  ['...raw', { [`${D}/...raw`]: '' }],
  ['..sysext.raw', { [`${D}/..sysext.raw`]: '' }],
  ['..sysext', { [`${D}/..sysext`]: directory() }],
  ['...sysext', { [`${D}/...sysext`]: directory() }],
])('%s would be an image called . or .., and systemd-sysext passes it over', (name, tree) => {
  expect(examine(name, tree)).not.toHaveProperty('path');
});

test('names of configuration extensions', () => {
  const tree = { [`${D}/a.confext.raw`]: '', [`${D}/b.sysext`]: directory() };
  expect(brief(examine('a.confext.raw', tree, CONFEXT))).toBe("raw 'a' at /etc/extensions/a.confext.raw");
  expect(brief(examine('b.sysext', {}, CONFEXT))).toBe("directory 'b.sysext' at /etc/extensions/b.sysext");
});

test('a name that is no UTF-8', () => {
  const bytes = Buffer.from([0x66, 0xff, 0x2e, 0x72, 0x61, 0x77]);
  const found = examine(bytes);
  expect(found).toMatchObject({ kind: 'bad-name', problem: { kind: 'not-utf8' } });
  writeFileSync(Buffer.concat([Buffer.from(`${root}/${D}/`), bytes]), '');
  expect(examine(bytes)).toEqual(found);
});

test('a longest name', () => {
  const name = 'x'.repeat(255);
  expect(brief(examine(name, { [`${D}/${name}`]: directory() }))).toBe(
    `directory '${name}' at /${D}/${name}`,
  );
});

test.each([
  ['foo', 'foo'],
  ['foo.raw', 'foo'],
  ['foo.sysext', 'foo'],
  ['foo.sysext.raw', 'foo'],
  ['foo.v', 'foo'],
  ['foo.raw.v', 'foo'],
  ['foo.sysext.raw.v', 'foo'],
  ['foo.confext', 'foo.confext'],
])('a symlink to /dev/null called %s masks %s', (fileName, name) => {
  expect(examine(fileName, { [`${D}/${fileName}`]: symlink('/dev/null') })).toEqual({
    kind: 'masked',
    entry: join(root, D, fileName),
    name,
  });
});

test('what an image tells', () => {
  buildTree(root, { [`${D}/l.raw`]: symlink('/store/foo_1.2.raw'), 'store/foo_1.2.raw': 'x' });
  utimesSync(join(root, 'store/foo_1.2.raw'), 0, 1706933106.5);
  expect(examine('l.raw')).toEqual({
    kind: 'raw',
    name: 'l',
    path: join(root, 'store/foo_1.2.raw'),
    entry: join(root, D, 'l.raw'),
    label: 'foo_1.2.raw',
    time: 1706933106500000n,
    versions: null,
  });
});

test('the time of a directory is that of its creation', () => {
  const found = examine('foo', { [`${D}/foo/x`]: '' });
  const created = statSync(join(root, D, 'foo'), { bigint: true }).birthtimeNs / 1000n;
  expect(found).toMatchObject({ kind: 'directory', label: 'foo', time: created });
});

const asRoot = process.geteuid?.() === 0 ? test : test.skip;

asRoot('block and character devices (skipped for ordinary users)', () => {
  const tree = { [`${D}/disk.raw`]: device('b', 7, 250), [`${D}/null`]: device('c', 1, 3) };
  expect(brief(examine('disk.raw', tree))).toBe("block 'disk.raw' at /etc/extensions/disk.raw");
  expect(brief(examine('null'))).toBe('no-image');
});

/** Root may enter any directory, so it is not root for a moment. */
function asOrdinaryUser<T>(action: () => T): T {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(65534);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}

test('a directory that this user may not enter', () => {
  buildTree(root, {
    [`${D}/l`]: symlink('/secret/x'),
    [`${D}/m.raw.v`]: symlink('/secret'),
    'secret/x/y': '',
    secret: directory({ mode: 0o700 }),
  });
  if (process.geteuid?.() !== 0) chmodSync(join(root, 'secret'), 0);
  const found = asOrdinaryUser(() => ['l', 'm.raw.v'].map((name) => examineHere(name)));
  chmodSync(join(root, 'secret'), 0o700);
  expect(found.map(brief)).toEqual(['unreachable', 'unreachable']);
  expect(found[0]).toMatchObject({ entry: join(root, D, 'l'), code: 'EACCES' });
});

function examineHere(name: string): Image | PassedOver {
  return examineEntry(search(SYSEXT), join(root, D), Buffer.from(name));
}

describe('a versioned directory', () => {
  const V = `${D}/foo.raw.v`;

  test('gives its best entry', () => {
    const tree = {
      [`${V}/foo_1.raw`]: '',
      [`${V}/foo_10.raw`]: '',
      [`${V}/foo_9.raw`]: '',
      [`${V}/other`]: '',
    };
    expect(examine('foo.raw.v', tree)).toMatchObject({
      kind: 'raw',
      name: 'foo',
      path: join(root, V, 'foo_10.raw'),
      entry: join(root, V),
      label: 'foo_10.raw',
      versions: {
        winner: { version: '10' },
        losers: [{ rule: 'version' }, {}],
        rejected: [{ file: 'other' }],
      },
    });
  });

  test('of directories', () => {
    const found = examine('foo.v', { [`${D}/foo.v/foo_1/x`]: '', [`${D}/foo.v/foo_2.raw`]: '' });
    expect(brief(found)).toBe("directory 'foo' at /etc/extensions/foo.v/foo_1");
  });

  test('may be a symlink, and so may its entries', () => {
    const tree = { [V]: symlink('/store'), 'store/foo_1.raw': symlink('/images/x.img'), 'images/x.img': '' };
    expect(brief(examine('foo.raw.v', tree))).toBe("raw 'foo' at /images/x.img");
  });

  test('gives nothing outside of the root', () => {
    const found = examine('foo.raw.v', { [`${V}/foo_1.raw`]: symlink('/proc/version') });
    expect(found).toMatchObject({
      kind: 'no-version',
      versions: { winner: null, rejected: [{ file: 'foo_1.raw', reason: 'type', found: 'other' }] },
    });
  });

  test.each<[string, Tree, string]>([
    ['empty', { [V]: directory() }, 'no-version'],
    ['without a usable entry', { [`${V}/foo_1_arm64.raw`]: '', [`${V}/bar_1.raw`]: '' }, 'no-version'],
    ['a file', { [V]: '' }, 'no-image'],
    ['a dangling symlink', { [V]: symlink('nowhere') }, 'dangling'],
  ])('%s', (_, tree, wanted) => {
    expect(brief(examine('foo.raw.v', tree))).toBe(wanted);
  });

  test('without a name', () => {
    expect(brief(examine('.v', { [`${D}/.v/_1`]: directory() }))).toBe('bad-name');
    expect(brief(examine('..v', { [`${D}/..v/._1`]: directory() }))).toBe('bad-name');
  });

  test('with symlinks in a circle that nobody asks for, which systemd-sysext does not mind', () => {
    const tree = { [`${V}/foo_1.raw`]: '', [`${V}/loop`]: symlink('loop') };
    expect(brief(examine('foo.raw.v', tree))).toBe("raw 'foo' at /etc/extensions/foo.raw.v/foo_1.raw");
  });
});
