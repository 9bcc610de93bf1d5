import { lstatSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { deviceOf, formatDevice, identityOf, isFileSystemRoot } from '../../src/host/device.js';
import { parseMountinfo } from '../support/namespace.js';
import { buildTree, device, directory, symlink } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'device-')));
});
afterEach(() => rmSync(base, { recursive: true }));

/** What `python3 -c 'import os; print(hex(os.makedev(MAJOR, MINOR)))'` prints. */
test.each([
  [0x0n, '0:0'],
  [0x24n, '0:36'],
  [0x103n, '1:3'],
  [0x801n, '8:1'],
  [0x8ffn, '8:255'],
  [0x100800n, '8:256'],
  [0x10fd2cn, '253:300'],
  [0x1000_fe00n, '254:65536'],
  [0xfff00n, '4095:0'],
  [0x100000000000n, '4096:0'],
  [0xffff_f0ff_ffff_ff00n | 0xffn, '4294963455:4294967295'],
])('%s is %s', (number, text) => {
  const [major, minor] = text.split(':').map(BigInt) as [bigint, bigint];
  expect(formatDevice(makedev(major, minor))).toBe(text);
  if (major < 0xfffff000n) expect([formatDevice(number), makedev(major, minor)]).toEqual([text, number]);
});

/** gnu_dev_makedev() of glibc, bits/sysmacros.h */
function makedev(major: bigint, minor: bigint): bigint {
  return (
    ((major & 0x00000fffn) << 8n) |
    ((major & 0xfffff000n) << 32n) |
    (minor & 0x000000ffn) |
    ((minor & 0xffffff00n) << 12n)
  );
}

test('any two numbers come back', () => {
  const number = fc.bigInt({ min: 0n, max: 0xffffffffn });
  fc.assert(
    fc.property(number, number, (major, minor) => {
      expect(formatDevice(makedev(major, minor))).toBe(`${major}:${minor}`);
    }),
  );
});

const asRoot = process.geteuid?.() === 0 ? test : test.skip;

asRoot('device nodes with large numbers (skipped for ordinary users)', () => {
  buildTree(base, { a: device('b', 259, 70000), b: device('c', 1, 256) });
  expect(formatDevice(lstatSync(join(base, 'a'), { bigint: true }).rdev)).toBe('259:70000');
  expect(formatDevice(lstatSync(join(base, 'b'), { bigint: true }).rdev)).toBe('1:256');
});

test('the numbers are those of the mount table', () => {
  const table = parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  const places = new Map(table.map((entry) => [entry.mountPoint, entry]));
  // Others show what lies below them, or have a number for each subvolume.
  const plain = [...places.values()].filter(({ type }) =>
    /^(proc|sysfs|devpts|tmpfs|ramfs|ext4|xfs)$/.test(type),
  );
  const readable = plain.filter(({ mountPoint }) => isDirectory(mountPoint) && !isCovered(mountPoint, table));
  expect(readable.length).toBeGreaterThan(0);
  for (const { mountPoint, device } of readable)
    expect([mountPoint, deviceOf(mountPoint)]).toEqual([mountPoint, device]);
});

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Whether a later mount hides one. */
function isCovered(path: string, table: ReturnType<typeof parseMountinfo>): boolean {
  const at = table.findLastIndex((entry) => entry.mountPoint === path);
  return table
    .slice(at + 1)
    .some((entry) => entry.mountPoint !== '/' && path.startsWith(`${entry.mountPoint}/`));
}

test('where a file system begins', () => {
  buildTree(base, { d: directory(), f: '', proc: symlink('/proc') });
  expect(isFileSystemRoot('/proc')).toBe(true);
  expect(isFileSystemRoot('/proc/self/task')).toBe(false);
  // Nothing is above it that it could be told from.
  expect(isFileSystemRoot('/')).toBe(false);
  for (const name of ['d', 'f', 'missing', 'f/x', 'missing/x'])
    expect(isFileSystemRoot(join(base, name))).toBe(false);
  expect(isFileSystemRoot(join(base, 'proc'))).toBe(true);
});

test('what is not there has no device', () => {
  buildTree(base, { f: '', circle: symlink('circle') });
  expect(deviceOf(join(base, 'missing'))).toBeNull();
  expect(deviceOf(join(base, 'f/x'))).toBeNull();
  expect(() => deviceOf(join(base, 'circle'))).toThrow('ELOOP');
});

describe('identity of a file', () => {
  test('is the same as long as nothing happens', () => {
    buildTree(base, { f: 'x', l: symlink('f') });
    const identity = identityOf(join(base, 'f'));
    expect(identityOf(join(base, 'f'))).toEqual(identity);
    expect(identity.device).toBe(deviceOf(base));
    expect(identity.inode).toBe(lstatSync(join(base, 'f'), { bigint: true }).ino);
    expect(identityOf(join(base, 'l')).inode).not.toBe(identity.inode);
  });

  test('has times in microseconds', () => {
    buildTree(base, { f: 'x' });
    utimesSync(join(base, 'f'), 0, 1706933106.25);
    expect(identityOf(join(base, 'f')).modified).toBe(1706933106250000n);
  });

  test('of a missing file', () => {
    expect(() => identityOf(join(base, 'x'))).toThrow('ENOENT');
  });
});
