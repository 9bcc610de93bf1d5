import { type BigIntStats, lstatSync } from 'node:fs';
import { type ByteReader, openReader } from '../images/byte-reader.js';

/** An image whose content was, or is being, checked by this program. */
export interface HeldImage {
  readonly reader: ByteReader;
  /** Whether the path still leads to what is held, and nobody has written to it. */
  isUnchanged(): boolean;
  close(): void;
}

/**
 * Keeps an image open from before it is checked until it is mounted, so that what was checked is what is mounted. The
 * kernel opens it by its path; that this was the same file is known by its numbers and times: nobody can set the time of the
 * last change (`st_ctime`, inode(7)), which writing, renaming and linking move forward.
 *
 * @param path free of symlinks
 * @throws what openReader() throws
 */
export function holdImage(path: string): HeldImage {
  const before = lstatSync(path, { bigint: true });
  const reader = openReader(path);
  return {
    reader,
    isUnchanged: () => {
      const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
      return now !== undefined && isSame(before, now);
    },
    close: () => reader.close(),
  };
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  const fields = ['dev', 'ino', 'rdev', 'mode', 'size', 'mtimeNs', 'ctimeNs'] as const;
  return fields.every((field) => a[field] === b[field]);
}
