import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ByteReader,
  bufferReader,
  NotImageFileError,
  openReader,
  sectionOf,
  withStartInMemory,
} from '../../src/images/byte-reader.js';
import { identifyFile } from '../../src/images/identify.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'byte-reader-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const make = (name: string, content: string | Buffer): string => {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
};

/** Every reader gives the same bytes. */
const READERS: Record<string, () => ByteReader & { close?(): void }> = {
  file: () => openReader(make('digits', '0123456789')),
  memory: () => bufferReader(Buffer.from('0123456789')),
  'start in memory': () => withStartInMemory(bufferReader(Buffer.from('0123456789')), 4),
  section: () => sectionOf(bufferReader(Buffer.from('xx0123456789xx')), 2n, 10n),
  'section at the end': () => sectionOf(bufferReader(Buffer.from('xx0123456789')), 2n, 2n ** 63n),
  'section of a section': () =>
    sectionOf(sectionOf(bufferReader(Buffer.from('xxxx0123456789xx')), 2n, 12n), 2n, 10n),
  'all in memory': () => withStartInMemory(bufferReader(Buffer.from('0123456789')), 100),
};

describe.each(Object.entries(READERS))('%s', (_, open) => {
  test.each([
    [0n, 3, '012'],
    [2n, 4, '2345'],
    [8n, 2, '89'],
    [8n, 100, '89'],
    [10n, 1, ''],
    [2n ** 64n, 1, ''],
    [3n, 0, ''],
  ])('%d, %d bytes', (offset, length, expected) => {
    const reader = open();
    expect(reader.size).toBe(10n);
    expect(reader.read(offset, length).toString()).toBe(expected);
    reader.close?.();
  });

  test('no bytes before the beginning', () => {
    expect(() => open().read(-1n, 1)).toThrow(RangeError);
  });
});

test('a section behind the end is empty, one before the beginning or of less than nothing is none', () => {
  const reader = bufferReader(Buffer.from('0123456789'));
  const behind = sectionOf(reader, 100n, 5n);
  expect([behind.size, behind.read(0n, 5).length]).toEqual([0n, 0]);
  expect(() => sectionOf(reader, -1n, 5n)).toThrow(RangeError);
  expect(() => sectionOf(reader, 0n, -5n)).toThrow(RangeError);
});

test('a file with more bytes than memory is read where it is asked for', () => {
  const file = make('sparse', '');
  truncateSync(file, 2 ** 42);
  const reader = openReader(file);
  expect(reader.size).toBe(2n ** 42n);
  expect(reader.read(2n ** 42n - 2n, 4)).toEqual(Buffer.alloc(2));
  reader.close();
});

test('a file that shrinks while it is read gives fewer bytes', () => {
  const file = make('shrinking', 'abcdef');
  const reader = openReader(file);
  truncateSync(file, 2);
  expect(reader.read(0n, 6).toString()).toBe('ab');
  reader.close();
});

describe('what is no image file', () => {
  test('a directory', () => {
    mkdirSync(join(directory, 'directory'));
    expect(() => openReader(join(directory, 'directory'))).toThrow(NotImageFileError);
  });

  test('a FIFO does not block', () => {
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    expect(() => openReader(join(directory, 'fifo'))).toThrow(NotImageFileError);
  });

  test('a character device', () => {
    expect(() => openReader('/dev/null')).toThrow(NotImageFileError);
  });

  test('a socket', async () => {
    const path = join(directory, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    expect(() => openReader(path)).toThrow(/ENXIO/);
    server.close();
  });

  test('a symlink, even to a file', () => {
    symlinkSync(make('target', 'x'), join(directory, 'link'));
    expect(() => openReader(join(directory, 'link'))).toThrow(/ELOOP/);
  });

  test('a missing file', () => {
    expect(() => identifyFile(join(directory, 'missing'))).toThrow(/ENOENT/);
  });
});

/** Root with loop devices, so not in most containers. */
function attach(file: string): string | null {
  try {
    return execFileSync('losetup', ['--find', '--show', '--read-only', file], { stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    return null;
  }
}

test('a block device is as long as what is behind it, in whole sectors', () => {
  const loop = attach(make('disk', Buffer.alloc(5 * 4096 + 100, 'disk')));
  if (loop === null) return;
  try {
    const reader = openReader(loop);
    expect(reader.size).toBe(5n * 4096n);
    expect(reader.read(4096n, 6).toString()).toBe('diskdi');
    reader.close();
    expect(identifyFile(loop)).toEqual({ kind: 'text' });
  } finally {
    execFileSync('losetup', ['--detach', loop]);
  }
});
