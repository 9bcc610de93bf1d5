import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { type ByteReader, bufferReader } from '../../src/images/byte-reader.js';

/** Nothing behind here tells what an image is: the superblock of btrfs ends here, all else is before it. */
export const LAST_PLACE = 64 * 1024 + 4096;

/** The beginning of an image, and how long the whole is: enough to identify it, and cheap to change. */
export interface ImageStart {
  readonly bytes: Buffer;
  readonly size: bigint;
}

export function loadStart(file: string): ImageStart {
  const size = statSync(file).size;
  const bytes = Buffer.alloc(Math.min(size, LAST_PLACE));
  const fd = openSync(file, 'r');
  readSync(fd, bytes, 0, bytes.length, 0);
  closeSync(fd);
  return { bytes, size: BigInt(size) };
}

/** A copy with another beginning, or another length. */
export function changed(image: ImageStart, edit: (bytes: Buffer) => void, size = image.size): ImageStart {
  const bytes = Buffer.from(image.bytes);
  edit(bytes);
  return { bytes, size };
}

/** The first `size` bytes only. */
export function cut(image: ImageStart, size: number): ImageStart {
  return { bytes: image.bytes.subarray(0, size), size: BigInt(size) };
}

export interface WatchedReader extends ByteReader {
  readonly reads: number;
  readonly total: number;
}

/**
 * Reads from an image start as if the rest were there, with zeros. A read that is not within the file's first
 * {@link LAST_PLACE} bytes, or of nothing, or that is one too many throws.
 */
export function watch({ bytes, size }: ImageStart): WatchedReader {
  const known = bufferReader(Buffer.concat([bytes, Buffer.alloc(Math.max(0, LAST_PLACE - bytes.length))]));
  let reads = 0;
  let total = 0;
  return {
    size,
    get reads() {
      return reads;
    },
    get total() {
      return total;
    },
    read(offset, length) {
      reads += 1;
      total += length;
      const sane = offset >= 0n && length > 0 && offset + BigInt(length) <= BigInt(LAST_PLACE);
      if (!sane || reads > 12 || total > 160 * 1024)
        throw new Error(`read ${reads}: ${length} from ${offset}`);
      const rest = size > offset ? size - offset : 0n;
      return known.read(offset, rest < BigInt(length) ? Number(rest) : length);
    },
  };
}
