import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { type Bytes, bufferOf, bytesOf, joinBytes, textOf } from '../host/bytes.js';
import { crypto } from '../host/crypto.js';
import { formatDevice } from '../host/device.js';
import { TreeChangedError } from './errors.js';

type Hash = ReturnType<ReturnType<typeof crypto>['createHash']>;

/**
 * The digest `tree-1` of a directory: the SHA-256 of a record for each file in it, of the directory itself first, then of
 * what is in it, in the order of the bytes of the names, where what is in a directory comes right behind it. A record is a line of
 * fields with a NUL behind each, and a newline:
 *
 * - the path below the directory, empty for itself; names are the bytes that the file system has
 * - the type: `d`, `f` (regular file), `l` (symlink), `c`, `b` (devices), `p` (FIFO) or `s` (socket)
 * - mode without the type in octal digits, user and group as decimal numbers
 * - of a regular file the size in bytes and the SHA-256 of the content in hexadecimal digits; of a symlink its target; of a
 *   device its number, `MAJOR:MINOR`
 *
 * Times, extended attributes, hard links and the holes of sparse files play no part.
 *
 * @param path absolute, free of symlinks
 * @throws TreeChangedError, the errors of lstat(2), readdir(3), readlink(2), open(2) and read(2)
 */
export function treeDigest(path: string): string {
  const hash = crypto().createHash('sha256');
  const root = bytesOf(path);
  const ahead: Bytes[] = [''];
  for (let relative = ahead.pop(); relative !== undefined; relative = ahead.pop()) {
    const here = joinBytes(root, relative);
    const status = lstatSync(bufferOf(here), { bigint: true });
    for (const field of [relative, ...describe(here, status)]) hash.update(bufferOf(`${field}\0`));
    hash.update('\n');
    if (!status.isDirectory()) continue;
    const names = readdirSync(bufferOf(here), 'buffer').map((name) => name.toString('latin1'));
    // The last one is taken first.
    for (const name of names.sort().reverse()) ahead.push(joinBytes(relative, name));
  }
  return hash.digest('hex');
}

function describe(path: Bytes, status: BigIntStats): string[] {
  const owner = [(status.mode & 0o7777n).toString(8), status.uid.toString(), status.gid.toString()];
  if (status.isDirectory()) return ['d', ...owner];
  if (status.isFile()) return ['f', ...owner, ...contentOf(path, status)];
  if (status.isSymbolicLink())
    return ['l', ...owner, readlinkSync(bufferOf(path), 'buffer').toString('latin1')];
  if (status.isCharacterDevice()) return ['c', ...owner, formatDevice(status.rdev)];
  if (status.isBlockDevice()) return ['b', ...owner, formatDevice(status.rdev)];
  return [status.isFIFO() ? 'p' : 's', ...owner];
}

const PIECE = 256 * 1024;

function contentOf(path: Bytes, { ino, size }: BigIntStats): [size: string, digest: string] {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  const fd = openSync(bufferOf(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  try {
    const status = fstatSync(fd, { bigint: true });
    const hash: Hash = crypto().createHash('sha256');
    const buffer = Buffer.allocUnsafe(PIECE);
    let length = 0n;
    // One that grows while it is read has no end to wait for.
    while (status.ino === ino && length <= size) {
      const count = readSync(fd, buffer, 0, PIECE, null);
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      length += BigInt(count);
    }
    if (status.ino !== ino || length !== size) throw new TreeChangedError(textOf(path));
    return [size.toString(), hash.digest('hex')];
  } finally {
    closeSync(fd);
  }
}
