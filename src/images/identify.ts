import { type ByteReader, openReader, withStartInMemory } from './byte-reader.js';
import type { Content, FileSystemContent } from './content.js';
import { BTRFS } from './file-system/btrfs.js';
import { EROFS } from './file-system/erofs.js';
import { EXT4 } from './file-system/ext4.js';
import { type Format, probe } from './file-system/format.js';
import { SQUASHFS } from './file-system/squashfs.js';
import { VFAT } from './file-system/vfat.js';
import { XFS } from './file-system/xfs.js';
import { deviceMapperHeader, foreignContent, shapelessContent } from './foreign-content.js';

export type { Content, FileSystemType } from './content.js';

const FORMATS: readonly Format[] = [SQUASHFS, EROFS, EXT4, BTRFS, XFS, VFAT];

/** Nearly all that is looked at lies in the first 8 KiB, which are read at once. */
const START = 8192;

/**
 * Tells what the bytes of an image are. Decides as libblkid does (superblocks_safeprobe() in util-linux's
 * libblkid/src/superblocks/superblocks.c), and so as systemd: headers of device mapper targets come first; a file system
 * counts even if there is a partition table beside it, and does not count if its superblock breaks the format's rules;
 * two that fit are one too many. Unlike libblkid a broken superblock is reported if nothing else explains the bytes.
 *
 * A handful of places is read, at most some 100 KiB; no number in the bytes changes where or how much.
 *
 * @throws only what `reader` throws
 */
export function identify(reader: ByteReader): Content {
  if (reader.size === 0n) return { kind: 'empty' };
  const bytes = withStartInMemory(reader, START);
  const header = deviceMapperHeader(bytes);
  if (header !== null) return header;
  const found = FORMATS.map((format) => probe(format, bytes)).filter((content) => content !== null);
  const fitting = found.filter(({ kind }) => kind !== 'damaged');
  if (fitting.length > 1) return ambiguous(fitting);
  return fitting[0] ?? foreignContent(bytes) ?? found[0] ?? shapelessContent(bytes);
}

/**
 * The same for a regular file or block device.
 *
 * @param path not followed if it is a symlink
 * @throws NotImageFileError, or the error of open(2) and pread(2), see {@link openReader}
 */
export function identifyFile(path: string): Content {
  const reader = openReader(path);
  try {
    return identify(reader);
  } finally {
    reader.close();
  }
}

function ambiguous(fitting: readonly FileSystemContent[]): Content {
  return { kind: 'ambiguous', types: fitting.map(({ type }) => type) };
}
