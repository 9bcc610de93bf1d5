import { lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMissing } from './root.js';

/** A device number as stat(2) gives it (`st_dev`, `st_rdev`), written `MAJOR:MINOR` as in /proc/self/mountinfo. */
export function formatDevice(device: bigint): string {
  // The bits of the two numbers are interleaved: makedev(3), as glibc encodes it.
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

/** The device number, `MAJOR:MINOR`, of the file system that a directory is on; `null` if there is no such directory. */
export function deviceOf(path: string): string | null {
  try {
    return formatDevice(statSync(path, { bigint: true }).dev);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * Whether another file system begins at this directory. That is all this program asks: its own mounts (overlay,
 * tmpfs, images) always have a device number of their own, so the mount table, which a chroot without `/proc`
 * does not have, is not needed. A bind mount within one file system is not told.
 */
export function isFileSystemRoot(path: string): boolean {
  const device = deviceOf(path);
  return device !== null && device !== deviceOf(dirname(path));
}

/** Identity and times of a file, as recorded in `origin`. Times in microseconds since the epoch. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: bigint;
  /** Birth time; 0 where the file system keeps none. */
  readonly created: bigint;
  readonly modified: bigint;
}

/** @throws the error of lstat(2) */
export function identityOf(path: string): FileIdentity {
  const status = lstatSync(path, { bigint: true });
  return {
    device: formatDevice(status.dev),
    inode: status.ino,
    created: status.birthtimeNs / 1000n,
    modified: status.mtimeNs / 1000n,
  };
}
