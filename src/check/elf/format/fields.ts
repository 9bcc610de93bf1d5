import type { ByteReader } from '../../../images/byte-reader.js';
import { ElfError, type ElfFile, type ElfPart } from './elf-file.js';

/** How numbers are written in a file: the two bytes of `e_ident` that decide on it. */
export type Encoding = Pick<ElfFile, 'width' | 'order'>;

/** Numbers at places of a structure, in the byte order of the file. */
export class Fields {
  constructor(
    readonly bytes: Buffer,
    private readonly encoding: Encoding,
  ) {}

  /** `Elf32_Half` */
  half(at: number): number {
    return this.encoding.order === 'little' ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  /** `Elf32_Word` */
  word(at: number): number {
    return this.encoding.order === 'little' ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  /**
   * An address, offset or size: 4 or 8 bytes. Above 2^53 it is not exact, and far behind the end of every file; so it is
   * good for comparisons, and must be compared with the size of the file before it is used.
   */
  address(at: number): number {
    if (this.encoding.width === 32) return this.word(at);
    const { order } = this.encoding;
    return Number(order === 'little' ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at));
  }
}

/**
 * Reads exactly `length` bytes.
 *
 * @param length must have been compared with a limit: so much memory is taken
 * @throws ElfError `cut-short`
 */
export function readExactly(reader: ByteReader, offset: number, length: number, part: ElfPart): Buffer {
  if (!Number.isSafeInteger(offset + length)) throw new ElfError(part, 'cut-short');
  const bytes = reader.read(BigInt(offset), length);
  if (bytes.length < length) throw new ElfError(part, 'cut-short');
  return bytes;
}
