import type { ByteReader } from '../byte-reader.js';
import type { FileSystemContent, FileSystemType } from '../content.js';
import { crc32c } from '../crc32c.js';

/**
 * A rule of a format: the field's name, what stands there, whether that is allowed, and what would be. Names are those
 * of the header or specification, so that a message about a damaged image can be looked up.
 */
export type Rule = readonly [
  field: string,
  found: number | bigint | string,
  allowed: boolean,
  wanted: string,
];

/** What a superblock says about its file system, see FileSystem. */
export interface Claims {
  readonly uuid: string | null;
  readonly label: string | null;
  readonly size: bigint | null;
}

export interface Format {
  readonly type: FileSystemType;
  /** Where the superblock begins and how long it is, in bytes. */
  readonly offset: bigint;
  readonly size: number;
  /** Whether the magic is there, in a superblock that may be cut off anywhere. */
  recognize(superblock: Buffer): boolean;
  /**
   * Reads a whole superblock, rule by rule: the first broken one ends it, so that what follows a rule may rely on it.
   * Numbers from the superblock never say where or how much to read.
   */
  read(superblock: Buffer, reader: ByteReader): Generator<Rule, Claims>;
}

/** What a file holds as far as one format is concerned; null if its magic is missing. Throws only what `reader` throws. */
export function probe(format: Format, reader: ByteReader): FileSystemContent | null {
  const { type } = format;
  const superblock = reader.read(format.offset, format.size);
  if (!format.recognize(superblock)) return null;
  if (superblock.length < format.size) {
    return { kind: 'truncated', type, size: format.offset + BigInt(format.size), available: reader.size };
  }
  const rules = format.read(superblock, reader);
  let step = rules.next();
  while (!step.done) {
    const [field, found, allowed, wanted] = step.value;
    if (!allowed) return { kind: 'damaged', type, field, found: String(found), wanted };
    step = rules.next();
  }
  const { uuid, label, size } = step.value;
  if (size !== null && size > reader.size) return { kind: 'truncated', type, size, available: reader.size };
  return { kind: 'file-system', type, uuid, label, size };
}

export function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value));
}

export function hex(value: number, digits = 8): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** 16 bytes as RFC 9562, section 4 writes them, in lower case; null if all are zero, which stands for "none". */
export function formatUuid(bytes: Buffer): string | null {
  const digits = bytes.toString('hex');
  if (/^0*$/.test(digits)) return null;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A label in UTF-8, up to the first NUL; null if empty. What is not UTF-8, a cut character too, becomes U+FFFD. */
export function formatLabel(bytes: Buffer): string | null {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end) || null;
}

/** CRC-32C (see {@link crc32c}) of `bytes` as if the 4 bytes at `checksumOffset` were zero, as most formats define theirs. */
export function crc32cWithout(bytes: Buffer, checksumOffset: number): number {
  const before = crc32c(bytes.subarray(0, checksumOffset));
  const zeroed = crc32c(Buffer.alloc(4), before);
  return crc32c(bytes.subarray(checksumOffset + 4), zeroed);
}
