import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, posix } from 'node:path';
import fc from 'fast-check';
import {
  errorCode,
  findBelow,
  insideRoot,
  isMissing,
  resolveBelow,
  resolveNewBelow,
  TooManySymlinksError,
} from '../../src/host/root.js';
import { buildTree, directory, symlink, type Tree } from '../support/tree.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'root-')));
});
afterEach(() => rmSync(root, { recursive: true }));

/** What a look-up gives: the path inside the root, or the name of the errno. */
function outcome(resolve: (root: string, path: string) => string, path: string): string {
  try {
    return insideRoot(root, resolve(root, path));
  } catch (error) {
    return errorCode(error) ?? String(error);
  }
}

test.each([
  ['a file', 'a/b/f', '/a/b/f'],
  ['an absolute path', '/a/b/f', '/a/b/f'],
  ['slashes and dots too many', '//a/.//b/./f', '/a/b/f'],
  ['a directory with a slash', 'a/b/', '/a/b'],
  ['the root', '/', '/'],
  ['nothing', '', '/'],
  ['..', 'a/b/../b/f', '/a/b/f'],
  ['.. at the root', '../../a/../../a/b', '/a/b'],
  ['a relative symlink', 'a/beside/f', '/a/b/f'],
  ['a symlink that climbs', 'a/b/up/b/f', '/a/b/f'],
  ['a symlink that climbs out', 'a/b/out/a/b', '/a/b'],
  ['.. behind a symlink, of where it leads', 'far/../b', '/a/b'],
  ['an absolute symlink', 'absolute/f', '/a/b/f'],
  ['a symlink to a symlink', 'twice', '/a/b'],
  ['a symlink to the root', 'slash/a', '/a'],
  ['a symlink to a file of the machine', 'machine', 'ENOENT'],
  ['a missing file', 'a/x', 'ENOENT'],
  ['a missing directory', 'x/..', 'ENOENT'],
  ['a dangling symlink', 'dangling', 'ENOENT'],
  ['behind a dangling symlink', 'dangling/..', 'ENOENT'],
  ['below a file', 'a/b/f/x', 'ENOTDIR'],
  ['a circle', 'circle', 'ELOOP'],
  ['below a circle', 'circle/x', 'ELOOP'],
  ['two in a circle', 'one', 'ELOOP'],
  ['a circle that grows', 'grows', 'ELOOP'],
])('%s: %s is %s', (_, path, wanted) => {
  buildTree(root, {
    'a/b/f': '',
    'a/beside': symlink('b'),
    'a/b/up': symlink('..'),
    'a/b/out': symlink('../../../../..'),
    far: symlink('a/b'),
    absolute: symlink('/a/b'),
    twice: symlink('/absolute'),
    slash: symlink('/'),
    machine: symlink('/proc/version'),
    dangling: symlink('nowhere'),
    circle: symlink('circle'),
    one: symlink('two'),
    two: symlink('/one'),
    grows: symlink('grows/x'),
  });
  expect(outcome(resolveBelow, path)).toBe(wanted);
});

test.each(['f/..', 'f/.', 'f/', 'link'])(
  'a file is no directory: %s is ENOTDIR, as for the kernel',
  (path) => {
    buildTree(root, { f: '', link: symlink('f/..') });
    expect(outcome(resolveBelow, path)).toBe('ENOTDIR');
  },
);

test('as many symlinks as the kernel follows, and not one more', () => {
  const chain: Tree = Object.fromEntries(
    Array.from({ length: 42 }, (_, index) => [`l${index + 1}`, symlink(`l${index}`)]),
  );
  buildTree(root, { l0: '', ...chain });
  expect(outcome(resolveBelow, 'l40')).toBe('/l0');
  expect(statSync(join(root, 'l40')).isFile()).toBe(true);
  expect(outcome(resolveBelow, 'l41')).toBe('ELOOP');
  expect(() => statSync(join(root, 'l41'))).toThrow('ELOOP');
});

test('links are counted over the whole look-up', () => {
  buildTree(root, { here: symlink('.'), f: '' });
  expect(outcome(resolveBelow, `${'here/'.repeat(40)}f`)).toBe('/f');
  expect(outcome(resolveBelow, `${'here/'.repeat(41)}f`)).toBe('ELOOP');
});

test('a circle is told by the path that was asked for', () => {
  buildTree(root, { 'a/circle': symlink('circle') });
  const look = () => resolveBelow(root, 'a/circle/x');
  expect(look).toThrow(TooManySymlinksError);
  expect(look).toThrow(`'${join(root, 'a/circle/x')}'`);
});

test('the machine itself as the root', () => {
  buildTree(root, { f: '', link: symlink(join(root, 'f')) });
  expect(resolveBelow('/', join(root, 'link'))).toBe(join(root, 'f'));
  expect(resolveBelow('/', '/..')).toBe('/');
  expect(findBelow('/', join(root, 'x'))).toBeNull();
});

test('findBelow takes what is missing for an answer, and nothing else', () => {
  buildTree(root, { f: '', circle: symlink('circle'), dangling: symlink('x') });
  expect(findBelow(root, 'f')).toBe(join(root, 'f'));
  for (const path of ['x', 'f/x', 'dangling']) expect(findBelow(root, path)).toBeNull();
  expect(() => findBelow(root, 'circle')).toThrow(TooManySymlinksError);
});

test.each([
  ['a/b/new', '/a/b/new'],
  ['new/er/est', '/new/er/est'],
  ['dangling', '/nowhere/x'],
  ['dangling/y', '/nowhere/x/y'],
  ['link/new', '/a/b/new'],
  ['out/new', '/new'],
  ['circle/new', 'ELOOP'],
])('what does not exist yet: %s is %s', (path, wanted) => {
  buildTree(root, {
    'a/b': directory(),
    link: symlink('/a/b'),
    out: symlink('../../..'),
    dangling: symlink('/nowhere/x'),
    circle: symlink('circle'),
  });
  expect(outcome(resolveNewBelow, path)).toBe(wanted);
});

test('isMissing', () => {
  expect(isMissing(Object.assign(new Error(), { code: 'ENOENT' }))).toBe(true);
  expect(isMissing(Object.assign(new Error(), { code: 'ENOTDIR' }))).toBe(true);
  for (const error of [new Error(), null, undefined, 'ENOENT', { code: 2 }, { code: 'EACCES' }])
    expect(isMissing(error)).toBe(false);
});

test('insideRoot', () => {
  expect(insideRoot('/', '/a/b')).toBe('/a/b');
  expect(insideRoot('/mnt', '/mnt/a/b')).toBe('/a/b');
  expect(insideRoot('/mnt', '/mnt')).toBe('/');
});

/** A tree of directories and symlinks, by paths from the root: `null` for a directory, the target for a symlink. */
type Links = ReadonlyMap<string, string | null>;

const name = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof({ weight: 3, arbitrary: name }, fc.constantFrom('..', '.', ''));
const lookup = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => `/${steps.join('/')}`);
const target = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.oneof({ weight: 3, arbitrary: name }, fc.constant('..')), { minLength: 1, maxLength: 4 }),
  )
  .map(([absolute, steps]) => (absolute ? '/' : '') + steps.join('/'));
const entry = fc.tuple(
  fc.array(name, { minLength: 1, maxLength: 3 }),
  fc.oneof({ weight: 2, arbitrary: target }, fc.constant(null)),
);
const links = fc.array(entry, { minLength: 1, maxLength: 14 }).map((entries): Links => {
  const tree = new Map<string, string | null>([['/', null]]);
  for (const [steps, node] of entries) {
    const parents = steps.map((_, count) => `/${steps.slice(0, count).join('/')}`);
    if (parents.some((parent) => typeof tree.get(parent) === 'string')) continue;
    for (const parent of parents) tree.set(parent, null);
    const path = `/${steps.join('/')}`;
    if (!tree.has(path)) tree.set(path, node);
  }
  return tree;
});

function build(tree: Links, base: string): void {
  for (const [path, to] of tree) {
    if (to === null) mkdirSync(join(base, path), { recursive: true });
    else symlinkSync(to, join(base, path));
  }
}

/** A symlink is a look-up within the look-up: the same by recursion, on the tree as data. */
function model(tree: Links, path: string): string {
  let followed = 0;
  const go = (at: string, [part, ...rest]: readonly string[]): string => {
    if (part === undefined) return at;
    const here = posix.join(at, part);
    if (part === '' || part === '.' || part === '..') return go(here, rest);
    const node = tree.get(here);
    if (node === undefined) throw 'ENOENT';
    if (node === null) return go(here, rest);
    followed += 1;
    if (followed > 40) throw 'ELOOP';
    return go(go(node.startsWith('/') ? '/' : at, node.split('/')), rest);
  };
  try {
    return go('/', path.split('/'));
  } catch (code) {
    return String(code);
  }
}

test('any tree of symlinks: never out of the root, and to the same file as by recursion', () => {
  let count = 0;
  fc.assert(
    fc.property(links, fc.array(lookup, { minLength: 1, maxLength: 5 }), (tree, paths) => {
      const base = join(root, String(count++));
      build(tree, base);
      for (const path of paths) {
        const wanted = model(tree, path);
        const found = look(base, () => resolveBelow(base, path));
        expect(found).toBe(wanted.startsWith('/') ? posix.join(base, wanted).replace(/\/$/, '') : wanted);
        const fresh = look(base, () => resolveNewBelow(base, path));
        if (wanted.startsWith('/') || wanted === 'ELOOP') expect(fresh).toBe(found);
      }
    }),
    { numRuns: 60 },
  );
});

/** A result must be the root or below it. */
function look(base: string, resolve: () => string): string {
  try {
    const path = resolve();
    expect(path === base || path.startsWith(`${base}/`)).toBe(true);
    expect(path).not.toMatch(/\/\.\.?(\/|$)|\/\/|.\/$/);
    return path;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code;
  }
}

const busybox = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((place) => join(place, 'busybox'))
  .find((file) => existsSync(file));

/** A process that is chrooted; only a program without shared libraries runs there. */
function chrooted(base: string, command: readonly string[]) {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  return spawnSync('unshare', [...user, `--root=${base}`, '/busybox', ...command], { encoding: 'utf8' });
}

function canChroot(): boolean {
  if (busybox === undefined) return false;
  const base = mkdtempSync(join(tmpdir(), 'chroot-'));
  try {
    copyFileSync(busybox, join(base, 'busybox'));
    return chrooted(base, ['stat', '/']).status === 0;
  } finally {
    rmSync(base, { recursive: true });
  }
}

const withKernel = canChroot() ? test : test.skip;

withKernel(
  'any tree of symlinks: to the same file as for a process that is chrooted (skipped without a static busybox)',
  () => {
    const paths = fc.array(lookup, { minLength: 20, maxLength: 40 });
    let count = 0;
    fc.assert(
      fc.property(links, paths, (tree, asked) => {
        const base = join(root, String(count++));
        build(tree, base);
        copyFileSync(busybox!, join(base, 'busybox'));
        const { stdout } = chrooted(base, ['stat', '-L', '-c', '%n %i', ...asked]);
        const lines = asked.flatMap((path) => {
          const found = findOrLoop(base, path);
          return found === null ? [] : [`${path} ${statSync(found).ino}\n`];
        });
        expect(lines.join('')).toBe(stdout);
        rmSync(base, { recursive: true });
      }),
      { numRuns: 15 },
    );
  },
);

function findOrLoop(base: string, path: string): string | null {
  try {
    return findBelow(base, path);
  } catch (error) {
    if (error instanceof TooManySymlinksError) return null;
    throw error;
  }
}
