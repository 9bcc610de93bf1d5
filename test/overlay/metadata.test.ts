import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { deviceOf } from '../../src/host/device.js';
import { readHierarchy, readMerge } from '../../src/overlay/metadata.js';
import { Namespace } from '../support/namespace.js';
import { buildTree, directory, symlink, type Tree } from '../support/tree.js';

let root: string;
let namespace: Namespace;
beforeAll(async () => {
  namespace = await Namespace.open();
});
afterAll(() => namespace.close());
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'metadata-')));
});
afterEach(() => rmSync(root, { recursive: true }));

/** A file system of its own, as seen from here. */
async function mountTmpfs(name: string, tree: Tree): Promise<string> {
  await namespace.must(['mkdir', `/run/${name}`]);
  await namespace.must(['mount', '-t', 'tmpfs', 'tmpfs', `/run/${name}`]);
  const path = namespace.path(`/run/${name}`);
  buildTree(path, tree);
  return path;
}

test('a directory is no merge, whatever is in it', () => {
  buildTree(root, {
    'usr/.systemd-sysext/dev': `${deviceOf(root)}\n`,
    'usr/.systemd-sysext/extensions': 'a\n',
  });
  expect(readMerge(join(root, 'usr'), SYSEXT)).toBeNull();
  expect(readHierarchy(root, '/usr', SYSEXT)).toEqual({ name: '/usr', path: join(root, 'usr'), merge: null });
});

test('a mount without metadata is no merge', async () => {
  expect(readMerge(await mountTmpfs('plain', {}), SYSEXT)).toBeNull();
  expect(readMerge('/proc', SYSEXT)).toBeNull();
});

test('a mount that carries its own number is one', async () => {
  const path = await mountTmpfs('merge', {
    '.systemd-sysext/extensions': 'a\nb 2\n\nc\n',
    '.systemd-sysext/origin': '{}\n',
  });
  const device = deviceOf(path)!;
  writeFileSync(join(path, '.systemd-sysext/dev'), `${device}\n`);
  const merge = readMerge(path, SYSEXT);
  expect(merge).toMatchObject({ names: ['a', 'b 2', 'c'], device, origin: '{}\n' });
  expect(merge?.since).toBeGreaterThan(1_700_000_000_000_000n);
  // Of the other class it is none.
  expect(readMerge(path, CONFEXT)).toBeNull();
});

test('a merge by an old systemd, without origin and without names', async () => {
  const path = await mountTmpfs('old', { '.systemd-confext': directory() });
  writeFileSync(join(path, '.systemd-confext/dev'), deviceOf(path)!);
  expect(readMerge(path, CONFEXT)).toMatchObject({ names: [], origin: null });
});

test.each(['', '\n', '0:0\n', '1:2:3', 'x'])('a mount with %j for its number is none', async (text) => {
  const path = await mountTmpfs(`wrong-${Buffer.from(text).toString('hex')}`, {
    '.systemd-sysext/dev': text,
  });
  expect(readMerge(path, SYSEXT)).toBeNull();
});

test('a copy of a merge is none, neither on the same file system nor as a mount', async () => {
  const path = await mountTmpfs('original', { '.systemd-sysext/extensions': 'a\n', 'bin/x': '' });
  writeFileSync(join(path, '.systemd-sysext/dev'), deviceOf(path)!);
  expect(readMerge(path, SYSEXT)).not.toBeNull();
  cpSync(path, join(root, 'usr'), { recursive: true });
  expect(readMerge(join(root, 'usr'), SYSEXT)).toBeNull();
  const copy = await mountTmpfs('copy', {});
  cpSync(path, copy, { recursive: true });
  expect(readMerge(copy, SYSEXT)).toBeNull();
});

test('a hierarchy is looked up below the root', () => {
  buildTree(root, { 'data/usr': directory(), usr: symlink('/data/usr'), opt: symlink('/proc') });
  expect(readHierarchy(root, '/usr', SYSEXT)?.path).toBe(join(root, 'data/usr'));
  expect(readHierarchy(root, '/opt', SYSEXT)).toBeNull();
  expect(readHierarchy(root, '/etc', SYSEXT)).toBeNull();
});

test('a merge whose metadata is no text is an error, not "nothing merged"', async () => {
  const path = await mountTmpfs('strange', { '.systemd-sysext/extensions': directory() });
  writeFileSync(join(path, '.systemd-sysext/dev'), deviceOf(path)!);
  expect(() => readMerge(path, SYSEXT)).toThrow('is not a regular file');
});
