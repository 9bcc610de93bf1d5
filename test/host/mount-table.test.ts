import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { formatDevice } from '../../src/host/device.js';
import {
  type Mount,
  mountAt,
  mountsBelow,
  parseMountTable,
  readMountTable,
  stackAt,
} from '../../src/host/mount-table.js';
import { anyText } from '../support/text.js';

const mount = (id: number, parent: number, path: string, root = '/'): Mount => ({
  id,
  parent,
  device: `0:${id}`,
  root,
  path,
  source: 'x',
  isShared: false,
});

describe('the table as text', () => {
  test('fields are read as the kernel escapes them', () => {
    const line =
      '36 35 98:0 /mnt\\0401 /a\\011b\\012c\\134d\\040e rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n';
    expect(parseMountTable(line)).toEqual([
      {
        id: 36,
        parent: 35,
        device: '98:0',
        root: '/mnt 1',
        path: '/a\tb\nc\\d e',
        source: '/dev/root',
        isShared: false,
      },
    ]);
  });

  test.each([
    ['', false],
    ['master:1 ', false],
    ['shared:5 ', true],
    ['shared:5 master:1 ', true],
    ['unbindable ', false],
  ])('with the fields "%s" it is shared: %s', (fields, isShared) => {
    expect(parseMountTable(`1 0 0:1 / /a rw ${fields}- tmpfs shared:1 rw`)).toMatchObject([{ isShared }]);
  });

  test('names beyond ASCII are UTF-8', () => {
    const line = Buffer.from('1 0 0:1 / /naïve rw - tmpfs x rw').toString('latin1');
    expect(parseMountTable(line)[0]?.path).toBe('/naïve');
  });

  test('any text gives mounts or nothing, never an error', () => {
    fc.assert(fc.property(anyText(), (text) => Array.isArray(parseMountTable(text))));
  });

  test('the mount of every existing path of this machine is the one that stat(2) finds', () => {
    const table = readMountTable();
    for (const path of ['/', '/proc', '/dev', '/sys', process.cwd(), realpathSync(tmpdir())]) {
      expect(mountAt(table, path)?.device).toBe(formatDevice(statSync(path, { bigint: true }).dev));
    }
  });
});

describe('look-ups', () => {
  test('the mounts on one mount point, the topmost first, in whatever order the table has them', () => {
    const table = [mount(1, 0, '/'), mount(4, 3, '/usr'), mount(2, 1, '/usr'), mount(3, 2, '/usr')];
    const ids = (path: string) => stackAt(table, path).map(({ id }) => id);
    expect(ids('/usr')).toEqual([4, 3, 2]);
    expect(ids('/')).toEqual([1]);
    expect([ids('/usr/lib'), ids('/opt')]).toEqual([[], []]);
  });

  test('the deepest mount on the way counts', () => {
    const table = [mount(1, 0, '/'), mount(2, 1, '/usr'), mount(3, 2, '/usr/share')];
    expect(mountAt(table, '/usr/share/doc')?.id).toBe(3);
    expect(mountAt(table, '/usr/lib')?.id).toBe(2);
    expect(mountAt(table, '/usrx')?.id).toBe(1);
  });

  test('of stacked mounts the top one counts', () => {
    const table = [mount(1, 0, '/'), mount(3, 2, '/usr'), mount(2, 1, '/usr')];
    expect(mountAt(table, '/usr')?.id).toBe(3);
  });

  test('a mount that a later one covers is not found', () => {
    const table = [mount(1, 0, '/'), mount(2, 1, '/a/b'), mount(3, 1, '/a')];
    expect(mountAt(table, '/a/b')?.id).toBe(3);
    expect(mountsBelow(table, '/a')).toEqual([]);
  });

  test('the root of a chroot need not be a mount', () => {
    const table = [mount(7, 3, '/opt/x')];
    expect(mountAt(table, '/opt')).toBeNull();
    expect(mountsBelow(table, '/opt').map(({ id }) => id)).toEqual([7]);
  });

  test('only mounts right below are told, with what is stacked on them', () => {
    const table = [
      mount(1, 0, '/'),
      mount(2, 1, '/opt/p'),
      mount(3, 2, '/opt/p/q'),
      mount(4, 1, '/opt/r'),
      mount(5, 4, '/opt/r'),
      mount(6, 1, '/optical'),
    ];
    expect(mountsBelow(table, '/opt').map(({ id }) => id)).toEqual([2, 4]);
  });

  test('a table with circles ends', () => {
    const table = [mount(1, 1, '/'), mount(2, 3, '/'), mount(3, 2, '/')];
    expect(mountAt(table, '/')?.id).toBe(1);
    // As it could be when numbers are given anew while the table is read.
    const torn = [
      mount(1, 0, '/'),
      mount(2, 1, '/usr'),
      mount(2, 2, '/usr'),
      mount(3, 2, '/usr'),
      mount(2, 3, '/usr'),
    ];
    expect(mountAt(torn, '/usr')?.path).toBe('/usr');
    expect(mountsBelow(torn, '/').length).toBeGreaterThan(0);
    expect(stackAt(torn, '/usr').length).toBeLessThanOrEqual(torn.length);
  });
});

const isRoot = process.getuid?.() === 0;
(isRoot ? test : test.skip)('the kernel agrees about mounts below a directory', () => {
  const base = mkdtempSync(join(realpathSync(tmpdir()), 'sysext-'));
  mkdirSync(join(base, 'a b/c'), { recursive: true });
  const script = `set -e; cd "$1"; mount -t tmpfs one "a b"; mkdir "a b/c"; mount -t tmpfs two "a b/c"; mkdir d; mount -t tmpfs three d; mount -t tmpfs four d; cat /proc/self/mountinfo`;
  try {
    const table = parseMountTable(
      execFileSync('unshare', ['--mount', 'sh', '-c', script, 'sh', base], { encoding: 'latin1' }),
    );
    expect(mountsBelow(table, base).map(({ path }) => path)).toEqual([join(base, 'a b'), join(base, 'd')]);
  } finally {
    rmSync(base, { recursive: true });
  }
});
