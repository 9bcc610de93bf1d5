import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { type Bytes, bufferOf } from '../host/bytes.js';

export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'fifo'
  | 'socket'
  | 'character'
  | 'block'
  | 'whiteout';

/** What is at a path of one layer. */
export interface Entry {
  readonly type: EntryType;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Of a device node. */
  readonly device: number;
  /** Last modification and last change, in milliseconds. */
  readonly mtime: number;
  readonly ctime: number;
}

/** @returns `null` if there is nothing @throws the error of lstat(2) but "no such file" */
export function readEntry(path: Bytes): Entry | null {
  let stats: Stats | undefined;
  try {
    stats = lstatSync(bufferOf(path), { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
  if (stats === undefined) return null;
  const { mode, uid, gid, size, rdev, mtimeMs: mtime, ctimeMs: ctime } = stats;
  return { type: typeOf(stats), mode: mode & 0o7777, uid, gid, size, device: rdev, mtime, ctime };
}

function typeOf(stats: Stats): EntryType {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  if (stats.isBlockDevice()) return 'block';
  // overlayfs takes a character device with the number 0:0 for "not there".
  return stats.rdev === 0 ? 'whiteout' : 'character';
}

/** @throws the error of readlink(2) */
export function readTarget(path: Bytes): Bytes {
  return readlinkSync(bufferOf(path), { encoding: 'buffer' }).toString('latin1');
}
