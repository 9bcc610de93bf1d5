import { mkdtempSync, readdirSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FileTooLargeError,
  NotRegularFileError,
  naming,
  readTextFile,
  TEXT_FILE_LIMIT,
} from '../../src/host/files.js';
import { buildTree, directory, fifo, symlink } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'files-')));
});
afterEach(() => rmSync(base, { recursive: true }));

test('a text file', () => {
  buildTree(base, { f: 'ID=ü\n', empty: '' });
  expect(readTextFile(join(base, 'f'))).toBe('ID=ü\n');
  expect(readTextFile(join(base, 'empty'))).toBe('');
});

test('a file without a size of its own is read to its end', () => {
  expect(readTextFile('/proc/self/status')).toMatch(/^CapEff:/m);
});

test('bytes that are no UTF-8 become U+FFFD', () => {
  writeFileSync(join(base, 'f'), Buffer.from([0x41, 0xff, 0x42]));
  expect(readTextFile(join(base, 'f'))).toBe('A\ufffdB');
});

test('a FIFO does not block, nor is it read', () => {
  buildTree(base, { f: fifo() });
  const read = () => readTextFile(join(base, 'f'));
  expect(read).toThrow(NotRegularFileError);
  expect(read).toThrow(`'${join(base, 'f')}' is not a regular file`);
}, 5000);

test.each(['/dev/null', '/dev/zero', '/dev/tty', '/dev/ptmx', '/'])('%s is not read', (path) => {
  expect(() => readTextFile(path)).toThrow(/is not a regular file|ENXIO|ENOENT|ENOTTY|EIO/);
});

test('a directory is not read', () => {
  buildTree(base, { d: directory() });
  expect(() => readTextFile(join(base, 'd'))).toThrow(NotRegularFileError);
});

test('a socket is not read', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(base, 's'), resolve));
  expect(() => readTextFile(join(base, 's'))).toThrow('ENXIO');
  await new Promise((resolve) => server.close(resolve));
});

test('a symlink as the last part is refused, be it to a good file', () => {
  buildTree(base, { f: 'x', l: symlink('f') });
  expect(() => readTextFile(join(base, 'l'))).toThrow('ELOOP');
});

test('a missing file', () => {
  expect(() => readTextFile(join(base, 'x'))).toThrow('ENOENT');
});

test('up to the limit, and not one byte more', () => {
  buildTree(base, { f: '12345' });
  expect(readTextFile(join(base, 'f'), 5)).toBe('12345');
  expect(() => readTextFile(join(base, 'f'), 4)).toThrow(FileTooLargeError);
  expect(() => readTextFile(join(base, 'f'), 0)).toThrow(FileTooLargeError);
});

test('a file of a terabyte is refused at once', () => {
  buildTree(base, { f: '' });
  truncateSync(join(base, 'f'), 2 ** 40);
  const read = () => readTextFile(join(base, 'f'));
  expect(read).toThrow(FileTooLargeError);
  expect(read).toThrow(`larger than ${TEXT_FILE_LIMIT} bytes`);
});

test('a file that has more in it than its size says, as one that grows, is refused', () => {
  expect(() => readTextFile('/proc/self/status', 100)).toThrow(FileTooLargeError);
});

test('an error on an open file says which file it is; all else stays as it is', () => {
  const fail = (error: Error) => () => {
    throw error;
  };
  const read = Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' });
  expect(() => naming('/x', fail(read))).toThrow(expect.objectContaining({ code: 'EIO', path: '/x' }));
  const open = Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'open', path: '/y' });
  expect(() => naming('/x', fail(open))).toThrow(expect.objectContaining({ path: '/y' }));
  const other = new Error('other');
  expect(() => naming('/x', fail(other))).toThrow(other);
  expect(other).not.toHaveProperty('path');
  expect(naming('/x', () => 1)).toBe(1);
});

test('no descriptor is left open, whatever happens', () => {
  buildTree(base, { f: '12345', d: directory() });
  const before = openFiles();
  for (let count = 0; count < 10; count++) {
    readTextFile(join(base, 'f'));
    expect(() => readTextFile(join(base, 'f'), 2)).toThrow();
    expect(() => readTextFile(join(base, 'd'))).toThrow();
  }
  expect(openFiles()).toBeLessThan(before + 10);
});

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}
