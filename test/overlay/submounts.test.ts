import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mount } from '../../src/host/mount-table.js';
import { findSubmounts, isMountedAt } from '../../src/overlay/submounts.js';
import { buildTree, directory } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'submounts-')));
  buildTree(base, {
    'usr/local/x': directory(),
    'usr/lib/file': '',
    'usr/.systemd-sysext': directory(),
    usrx: directory(),
  });
});
afterEach(() => rmSync(base, { recursive: true }));

/** A mount of the table; nothing is mounted really, for only the kind of the mount point is looked at. */
function mount(id: number, parent: number, path: string, root = '/'): Mount {
  return {
    id,
    parent,
    device: `0:${id}`,
    root,
    path: path === '/' ? '/' : join(base, path),
    source: 'x',
    isShared: false,
  };
}

const find = (table: readonly Mount[]) =>
  findSubmounts(table, join(base, 'usr'), [join(base, 'usr/.systemd-sysext')]);

test('none', () => {
  expect(find([])).toEqual([]);
  expect(find([mount(1, 0, '/'), mount(2, 1, 'usr'), mount(3, 1, 'usrx')])).toEqual([]);
});

test('directories and files, told by what is mounted on them', () => {
  const table = [mount(1, 0, '/'), mount(2, 1, 'usr/local', '/sub'), mount(3, 1, 'usr/lib/file', '/f')];
  expect(find(table)).toEqual([
    { relative: 'local', isDirectory: true, device: '0:2', root: '/sub', isStacked: false },
    { relative: 'lib/file', isDirectory: false, device: '0:3', root: '/f', isStacked: false },
  ]);
});

test('what is mounted below one comes along with it', () => {
  const table = [mount(1, 0, '/'), mount(2, 1, 'usr/local'), mount(3, 2, 'usr/local/x')];
  expect(find(table).map(({ relative }) => relative)).toEqual(['local']);
});

test('of a stack the top one counts', () => {
  const table = [mount(1, 0, '/'), mount(2, 1, 'usr/local', '/a'), mount(3, 2, 'usr/local', '/b')];
  expect(find(table)).toEqual([
    { relative: 'local', isDirectory: true, device: '0:3', root: '/b', isStacked: true },
  ]);
});

test('on a merged hierarchy, those on the merge; ours is none', () => {
  const table = [
    mount(1, 0, '/'),
    mount(4, 1, 'usr/lib/file'),
    mount(2, 1, 'usr'),
    mount(3, 2, 'usr/.systemd-sysext', '/.systemd-sysext'),
    mount(5, 2, 'usr/local'),
  ];
  expect(find(table).map(({ relative }) => relative)).toEqual(['local']);
  // The other class's metadata is somebody else's mount.
  expect(findSubmounts(table, join(base, 'usr'), []).map(({ relative }) => relative)).toEqual([
    '.systemd-sysext',
    'local',
  ]);
});

test('without a mount for the root, as in a chroot', () => {
  expect(find([mount(2, 1, 'usr/local')]).map(({ relative }) => relative)).toEqual(['local']);
});

test('a bind mount whose mount point has gone is an error', () => {
  expect(() => find([mount(1, 0, '/'), mount(2, 1, 'usr/gone', '/sub')])).toThrow('ENOENT');
});

test('a whole file system is not looked at, since it may never answer', () => {
  expect(find([mount(1, 0, '/'), mount(2, 1, 'usr/gone')])).toEqual([
    { relative: 'gone', isDirectory: true, device: '0:2', root: '/', isStacked: false },
  ]);
});

test('isMountedAt', () => {
  const table = [mount(1, 0, '/'), mount(2, 1, 'usr/local', '/a'), mount(3, 2, 'usr/local', '/b')];
  const path = join(base, 'usr/local');
  expect(isMountedAt(table, path, { device: '0:3', root: '/b' })).toBe(true);
  // Covered, another directory of the device, another device, below or above the mount point.
  expect(isMountedAt(table, path, { device: '0:2', root: '/a' })).toBe(false);
  expect(isMountedAt(table, path, { device: '0:3', root: '/a' })).toBe(false);
  expect(isMountedAt(table, path, { device: '0:4', root: '/b' })).toBe(false);
  expect(isMountedAt(table, join(path, 'x'), { device: '0:3', root: '/b' })).toBe(false);
  expect(isMountedAt(table, join(base, 'usr'), { device: '0:1', root: '/' })).toBe(false);
  expect(isMountedAt([], path, { device: '0:3', root: '/b' })).toBe(false);
});
