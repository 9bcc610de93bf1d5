import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A file that should be read is not a regular file: a device, a socket, a FIFO, a directory. */
export class NotRegularFileError extends Error {
  constructor(readonly path: string) {
    super(`'${path}' is not a regular file`);
  }
}

/** A text file is larger than any honest file of its kind. */
export class FileTooLargeError extends Error {
  constructor(
    readonly path: string,
    readonly limit: number,
  ) {
    super(`'${path}' is larger than ${limit} bytes`);
  }
}

/** No release file, metadata file or configuration file comes near this size, in bytes. */
export const TEXT_FILE_LIMIT = 1024 * 1024;

const FIRST_PIECE = 4096;

/** Has something done with an open file. Errors of read(2) and write(2) do not say of which file they are; this adds it. */
export function naming<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && !('path' in error)) Object.assign(error, { path });
    throw error;
  }
}

/**
 * Reads a small text file that may be hostile: a FIFO does not block, a device is not opened for real, a file that
 * claims to be huge, or grows while it is read, is refused instead of read.
 *
 * @param path path on the machine, free of symlinks: a symlink as the last part is refused by open(2) with `ELOOP`
 * @param limit in bytes
 * @throws NotRegularFileError, FileTooLargeError, or the error of open(2) and read(2)
 */
export function readTextFile(path: string, limit: number = TEXT_FILE_LIMIT): string {
  return readSmallFile(path, limit).toString('utf8');
}

/** The same for a file that is no text. */
export function readSmallFile(path: string, limit: number): Buffer {
  const fd = openSync(
    path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY,
  );
  try {
    return naming(path, () => readAll(fd, path, limit));
  } finally {
    closeSync(fd);
  }
}

function readAll(fd: number, path: string, limit: number): Buffer {
  const status = fstatSync(fd);
  if (!status.isFile()) throw new NotRegularFileError(path);
  // Its size is where to begin, not to be relied on: that of a file in /proc is 0.
  let buffer = Buffer.allocUnsafe(Math.min(Math.max(status.size, FIRST_PIECE), limit) + 1);
  for (let length = 0; ; ) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length > limit) throw new FileTooLargeError(path, limit);
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(2 * buffer.length, limit + 1));
  }
}
