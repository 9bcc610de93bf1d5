import { type BigIntStats, closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { formatDevice } from '../host/device.js';

/** Bytes with an end, read at any place. Offsets and sizes in bytes. */
export interface ByteReader {
  readonly size: bigint;
  /** At most `length` bytes from `offset`; shorter only at the end, empty behind it. */
  read(offset: bigint, length: number): Buffer;
}

/** Neither a regular file nor a block device: nothing that a disk image can be. */
export class NotImageFileError extends Error {
  constructor(readonly path: string) {
    super(`'${path}' is neither a regular file nor a block device`);
  }
}

/**
 * Opens a file that may be hostile for reading: a symlink as the last part is not followed, a FIFO does not block.
 * The size is that at the time of opening; if the file shrinks later, reads become shorter.
 *
 * @throws NotImageFileError for other file types; or the error of open(2), so `ELOOP` for a symlink and `ENXIO` for
 *   a socket; for a block device also the error of reading its size from `/sys`. `read` throws the error of pread(2).
 */
export function openReader(path: string): ByteReader & { close(): void } {
  const fd = openSync(
    path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY,
  );
  try {
    const size = sizeOf(path, fstatSync(fd, { bigint: true }));
    return {
      size,
      read: (offset, length) => readFully(fd, offset, clip(size, offset, length)),
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The same over bytes in memory. */
export function bufferReader(bytes: Buffer): ByteReader {
  const size = BigInt(bytes.length);
  return {
    size,
    read(offset, length) {
      const count = clip(size, offset, length);
      return count === 0 ? Buffer.alloc(0) : bytes.subarray(Number(offset), Number(offset) + count);
    },
  };
}

/** Reads the first `length` bytes at once; what lies within them is answered from memory from then on. */
export function withStartInMemory(reader: ByteReader, length: number): ByteReader {
  const start = bufferReader(reader.read(0n, length));
  const inStart = (offset: bigint, count: number) =>
    offset + BigInt(count) <= start.size || start.size === reader.size;
  return {
    size: reader.size,
    read: (offset, count) => (inStart(offset, count) ? start : reader).read(offset, count),
  };
}

/**
 * A window on a part of `reader`: offsets count from `offset`, and what is read beyond `size` bytes is cut off there.
 * Where the reader ends before, so does the section.
 *
 * @throws RangeError if `offset` or `size` is less than 0
 */
export function sectionOf(reader: ByteReader, offset: bigint, size: bigint): ByteReader {
  if (offset < 0n || size < 0n) throw new RangeError(`No section at ${offset} of length ${size}`);
  const rest = reader.size > offset ? reader.size - offset : 0n;
  const end = size < rest ? size : rest;
  return {
    size: end,
    read(at, length) {
      const count = clip(end, at, length);
      return count === 0 ? Buffer.alloc(0) : reader.read(offset + at, count);
    },
  };
}

/** How much of `length` bytes from `offset` there is. */
function clip(size: bigint, offset: bigint, length: number): number {
  if (offset < 0n || length < 0) throw new RangeError(`No bytes at ${offset} of length ${length}`);
  const rest = size - offset;
  if (rest <= 0n) return 0;
  return rest < BigInt(length) ? Number(rest) : length;
}

function readFully(fd: number, offset: bigint, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let count = 0;
  while (count < length) {
    const more = readSync(fd, buffer, count, length - count, offset + BigInt(count));
    if (more === 0) break;
    count += more;
  }
  return buffer.subarray(0, count);
}

function sizeOf(path: string, stat: BigIntStats): bigint {
  if (stat.isFile()) return stat.size;
  if (!stat.isBlockDevice()) throw new NotImageFileError(path);
  // stat(2) says 0 for a device, and Node has neither ioctl(2) nor lseek(2). The file counts units of 512 bytes whatever
  // the sector size is (Documentation/ABI/stable/sysfs-block).
  return BigInt(readFileSync(`/sys/dev/block/${formatDevice(stat.rdev)}/size`, 'utf8').trim()) * 512n;
}
