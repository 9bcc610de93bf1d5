import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walkTree } from '../../src/check/tree.js';
import { buildTree, directory, fifo, file, symlink } from '../support/tree.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-walk-')));
});
// Deeper than the functions of Node reach.
afterEach(() => spawnSync('rm', ['-rf', root]));

test('entries, sorted, each directory before what is in it', () => {
  buildTree(root, {
    'usr/b': file('12345', { mode: 0o4755 }),
    'usr/a/x': symlink('../../../etc'),
    'usr/a.d': fifo(),
    opt: directory({ mode: 0o1777 }),
  });
  const { entries, byPath, unreadable, isCut } = walkTree(root);
  expect(entries.map(({ path }) => path)).toEqual([
    '/opt',
    '/usr',
    '/usr/a',
    '/usr/a.d',
    '/usr/b',
    '/usr/a/x',
  ]);
  expect(byPath.get('/usr/b')).toMatchObject({
    type: 'file',
    mode: 0o4755,
    size: 5,
    target: null,
    isUtf8: true,
  });
  expect(byPath.get('/usr/a/x')).toMatchObject({ type: 'symlink', target: '../../../etc' });
  expect(byPath.get('/usr/a.d')).toMatchObject({ type: 'fifo' });
  expect(byPath.get('/opt')).toMatchObject({ type: 'directory', mode: 0o1777 });
  expect({ unreadable, isCut }).toEqual({ unreadable: [], isCut: false });
});

test('no more than the limit', () => {
  buildTree(root, Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`d/${n}`, ''])));
  const { entries, isCut } = walkTree(root, 10);
  expect({ length: entries.length, isCut }).toEqual({ length: 10, isCut: true });
  expect(walkTree(root, 21)).toMatchObject({ isCut: false });
});

test('a name that is not UTF-8, and what is below it', () => {
  const name = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]);
  mkdirSync(name);
  writeFileSync(Buffer.concat([name, Buffer.from('/x')]), '');
  expect(walkTree(root).entries).toMatchObject([
    { path: '/caf\ufffd', isUtf8: false },
    { path: '/caf\ufffd/x', isUtf8: false },
  ]);
});

test('a tree that is deeper than a path can be long: no more stack, and it is said', () => {
  const script = 'for i in $(seq 60); do mkdir $0 && cd -P $0 || exit 1; done';
  expect(spawnSync('sh', ['-c', script, 'd'.repeat(100)], { cwd: root }).status).toBe(0);
  const { entries, unreadable } = walkTree(root);
  expect(entries.length).toBeGreaterThan(30);
  expect(unreadable).toMatchObject([{ code: 'ENAMETOOLONG' }]);
});

const isRoot = process.getuid?.() === 0;
(isRoot ? test.skip : test)('what may not be looked at', () => {
  buildTree(root, { 'usr/closed/x': '' });
  chmodSync(join(root, 'usr/closed'), 0);
  const { unreadable } = walkTree(root);
  chmodSync(join(root, 'usr/closed'), 0o755);
  expect(unreadable).toEqual([{ path: '/usr/closed', code: 'EACCES' }]);
});

test('a root that is gone', () => {
  rmSync(root, { recursive: true });
  expect(walkTree(root)).toMatchObject({ entries: [], unreadable: [] });
});
