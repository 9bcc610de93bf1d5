import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { ByteReader } from '../../src/images/byte-reader.js';

/** Bytes of an image, at a place in it. */
export interface Piece {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** An image of which only some pieces are kept, in order; the rest is zeros and costs nothing. */
export interface SparseImage {
  readonly size: number;
  readonly pieces: readonly Piece[];
}

/** The whole of a small image. */
export function imageOf(bytes: Buffer): SparseImage {
  return { size: bytes.length, pieces: [{ offset: 0, bytes }] };
}

/**
 * Some ranges of a file; those that reach over its end are cut off there.
 *
 * @param ranges offset, from the end if it is negative, and length in bytes
 */
export function loadImage(file: string, ranges: readonly (readonly [number, number])[]): SparseImage {
  const size = statSync(file).size;
  const fd = openSync(file, 'r');
  try {
    const pieces = ranges.map(([from, length]) => {
      const offset = from < 0 ? Math.max(0, size + from) : from;
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - offset)));
      readSync(fd, bytes, 0, bytes.length, offset);
      return { offset, bytes };
    });
    return { size, pieces: pieces.filter(({ bytes }) => bytes.length > 0) };
  } finally {
    closeSync(fd);
  }
}

/** A copy that can be changed. */
export function copyImage({ size, pieces }: SparseImage): SparseImage {
  return { size, pieces: pieces.map(({ offset, bytes }) => ({ offset, bytes: Buffer.from(bytes) })) };
}

/** Bytes that lie within one piece, and are changed in it; `null` if they do not. */
export function windowOf({ pieces }: SparseImage, offset: number, length: number): Buffer | null {
  for (const piece of pieces) {
    const at = offset - piece.offset;
    if (at >= 0 && at + length <= piece.bytes.length) return piece.bytes.subarray(at, at + length);
  }
  return null;
}

/** What a function may read of an image. */
export interface ReadLimit {
  readonly reads: number;
  /** Bytes asked for, all together. */
  readonly total: number;
}

/** A read that is not as it should be: more than the limit, or before the beginning. */
export class ReadError extends Error {}

/** Reads an image, and throws ReadError for what is beyond the limit. */
export function limitedReader(image: SparseImage, limit: ReadLimit): ByteReader {
  let reads = 0;
  let total = 0;
  return {
    size: BigInt(image.size),
    read(offset, length) {
      reads += 1;
      total += length;
      if (offset < 0n || !Number.isSafeInteger(length) || length < 0)
        throw new ReadError(`${length} bytes from ${offset}`);
      if (reads > limit.reads) throw new ReadError(`more than ${limit.reads} reads`);
      if (total > limit.total) throw new ReadError(`more than ${limit.total} bytes in ${reads} reads`);
      if (offset >= BigInt(image.size)) return Buffer.alloc(0);
      const from = Number(offset);
      const count = Math.min(length, image.size - from);
      return windowOf(image, from, count) ?? assemble(image, from, count);
    },
  };
}

function assemble({ pieces }: SparseImage, from: number, length: number): Buffer {
  const all = Buffer.alloc(length);
  for (const { offset, bytes } of pieces) {
    const start = Math.max(from, offset);
    const end = Math.min(from + length, offset + bytes.length);
    if (start < end) bytes.copy(all, start - from, start - offset, end - offset);
  }
  return all;
}
