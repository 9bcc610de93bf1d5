import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyOf } from '../../src/mount/state-directory.js';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';
import { inNamespace, Namespace } from '../support/namespace.js';
import { buildTree, directory, symlink } from '../support/tree.js';

let sources: CompiledSources;
let namespace: Namespace;
let base: string;
beforeAll(async () => {
  sources = compileSources();
  namespace = await Namespace.open({ run: false });
});
afterAll(async () => {
  await namespace.close();
  sources.remove();
});
beforeEach(async () => {
  // A new one on top of the last.
  await namespace.must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/run']);
  base = realpathSync(mkdtempSync(join(tmpdir(), 'state-')));
  chmodSync(base, 0o777);
});
afterEach(() => rmSync(base, { recursive: true }));

const isRoot = process.geteuid?.() === 0;
const asRoot = isRoot ? test : test.skip;

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

interface Answer {
  readonly path: string;
  readonly made: readonly string[];
  /** What `stat --format='%a %u'` says of the directory and its parent while it is there. */
  readonly modes: string;
}

/** What makeStateDirectory() gives, or the message of its error, as it must be foreseen; after that it is removed again. */
async function make(
  through: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Answer | string> {
  const script = `
    import { statSync } from 'node:fs';
    import { dirname } from 'node:path';
    import { foreseeStateDirectory, makeStateDirectory, removeStateDirectory, StateDirectoryError } from '${sources.module('mount/state-directory.js')}';
    const { kind, path: foreseen } = foreseeStateDirectory();
    const check = (isAsForeseen) => { if (!isAsForeseen) throw new Error('foreseen: ' + kind + ' ' + foreseen); };
    try {
      const directory = makeStateDirectory();
      check(kind === (foreseen === '/run/systemd/sysext' ? 'shared' : 'own') && foreseen === directory.path);
      const modeOf = (path) => (statSync(path).mode & 0o7777).toString(8);
      const modes = modeOf(directory.path) + ' ' + modeOf(dirname(directory.path));
      console.log(JSON.stringify({ ...directory, modes }));
      removeStateDirectory(directory);
    } catch (error) {
      if (!(error instanceof StateDirectoryError)) throw error;
      check(kind === 'none' && error.message.includes("'" + foreseen + "'"));
      console.log(JSON.stringify(error.message + (error.cause ? ': ' + error.cause.message : '')));
    }`;
  const PATH = process.env['PATH'] ?? '';
  const output = await namespace.must([...through, ...sources.command(script)], {
    env: { PATH, TMPDIR: base, ...env },
  });
  return JSON.parse(output) as Answer | string;
}

const exists = (path: string) => existsSync(namespace.path(path));

test('on a fresh machine, parents included, and it leaves no trace', async () => {
  expect(await make()).toEqual({
    path: '/run/systemd/sysext',
    made: ['/run/systemd/sysext', '/run/systemd'],
    modes: '700 755',
  });
  expect(exists('/run/systemd')).toBe(false);
});

test('what was there stays, and so does what is in use', async () => {
  await namespace.must(['mkdir', '/run/systemd']);
  expect(await make()).toMatchObject({ made: ['/run/systemd/sysext'] });
  expect(exists('/run/systemd')).toBe(true);
  await namespace.must(['mkdir', '-p', '-m', '700', '/run/systemd/sysext']);
  await namespace.must(['touch', '/run/systemd/sysext/x']);
  expect(await make()).toMatchObject({ path: '/run/systemd/sysext' });
  expect(exists('/run/systemd/sysext/x')).toBe(true);
});

test.each([
  ['a file', 'touch /run/systemd/sysext'],
  ['a symlink', 'mkdir /run/other; ln -s ../other /run/systemd/sysext'],
  ['a directory that others may write to', 'mkdir -m 777 /run/systemd/sysext'],
])('%s in its place is passed over', async (_, script) => {
  await namespace.must(['sh', '-c', `mkdir /run/systemd; ${script}`]);
  const path = join(base, `sysext-${process.geteuid?.()}`);
  expect(await make()).toEqual({ path, made: [path], modes: '700 777' });
  expect(exists(path)).toBe(false);
  expect(exists('/run/systemd/sysext')).toBe(true);
});

test('no directory at all can be made', async () => {
  await namespace.must(['touch', '/run/systemd']);
  expect(await make()).toMatch(/^Failed to make the directory '\/run\/systemd\/sysext': ENOTDIR/);
});

test('not /run, if that is read-only', async () => {
  await namespace.must(['mount', '-o', 'remount,bind,ro', '/run']);
  const runtime = join(base, 'runtime');
  const path = join(runtime, `sysext-${process.geteuid?.()}`);
  expect(await make([], { XDG_RUNTIME_DIR: runtime })).toEqual({
    path,
    made: [path, runtime],
    modes: '700 755',
  });
  expect(exists(runtime)).toBe(false);
});

describe('for an ordinary user (skipped if this is one)', () => {
  const fallback = () => join(base, 'sysext-65534');

  asRoot('in XDG_RUNTIME_DIR', async () => {
    buildTree(base, { runtime: directory({ uid: 65534, gid: 65534, mode: 0o700 }) });
    const path = join(base, 'runtime/sysext-65534');
    expect(await make(NOBODY, { XDG_RUNTIME_DIR: join(base, 'runtime') })).toEqual({
      path,
      made: [path],
      modes: '700 700',
    });
  });

  asRoot.each([{}, { XDG_RUNTIME_DIR: '' }])('else where temporary files are: %j', async (env) => {
    expect(await make(NOBODY, env)).toMatchObject({ path: fallback(), modes: '700 777' });
    expect(exists(fallback())).toBe(false);
  });

  asRoot('the same for root of a user namespace', async () => {
    expect(await make([...NOBODY, 'unshare', '--user', '--map-root-user'])).toMatchObject({
      path: fallback(),
    });
  });

  asRoot.each([
    ['a directory of somebody else', { 'sysext-65534': directory({ mode: 0o777 }) }],
    ['a symlink', { 'sysext-65534': symlink('own'), own: directory({ uid: 65534, mode: 0o700 }) }],
    ['a directory that the group may write to', { 'sysext-65534': directory({ uid: 65534, mode: 0o770 }) }],
    ['a file', { 'sysext-65534': 'x' }],
  ])('%s is not taken', async (_, tree) => {
    buildTree(base, tree);
    expect(await make(NOBODY)).toContain(`'${fallback()}' is not a directory of this user alone; remove it`);
  });

  asRoot("also when root's own directory is there, as after any call of systemd-sysext", async () => {
    await namespace.must(['mkdir', '-p', '-m', '700', '/run/systemd/sysext']);
    expect(await make([...NOBODY, 'unshare', '--user', '--map-root-user'])).toMatchObject({
      path: fallback(),
    });
  });
});

test('the key of a root is that of the directory, however it is reached', async () => {
  buildTree(base, { a: directory(), b: directory(), l: symlink('a') });
  const [a, b, l] = ['a', 'b', 'l'].map((name) => keyOf(join(base, name))) as [string, string, string];
  expect(a).toMatch(/^root-\d+-\d+-\d+$/);
  expect(l).toBe(a);
  expect(b).not.toBe(a);
  expect(keyOf('/')).not.toBe(a);
  await inNamespace(async (other) => {
    await other.must(['mkdir', '/run/bound']);
    await other.must(['mount', '--bind', join(base, 'a'), '/run/bound']);
    expect(keyOf(other.path('/run/bound'))).toBe(a);
  });
});
