import type { ByteReader } from '../../../images/byte-reader.js';
import type { Locate } from './dynamic.js';
import { ElfError } from './elf-file.js';
import { readExactly } from './fields.js';

/** Most strings are shorter, so that one read is enough, in bytes. */
const USUAL_LENGTH = 256;

/** A search path of some thousand bytes is known; a name is at most 255. */
const LONGEST = 65536;

/** All strings of a file together, in bytes. */
const MOST = 1024 * 1024;

/** The names that the dynamic section refers to (`DT_STRTAB`, `DT_STRSZ`), each read when it is asked for, and once. */
export class StringTable {
  private readonly known = new Map<number, string>();
  private readonly offset: number | null;
  private readonly size: number;
  private taken = 0;

  constructor(
    private readonly reader: ByteReader,
    address: number | undefined,
    size: number | undefined,
    locate: Locate,
  ) {
    // A file that names nothing needs no table.
    this.offset = address === undefined ? null : locate(address, 'string-table');
    this.size = size ?? 0;
  }

  /** @throws ElfError for a string that lies outside of the table, has no end, or is too long; what the reader throws */
  get(at: number): string {
    const known = this.known.get(at);
    if (known !== undefined) return known;
    if (this.offset === null || at >= this.size) throw new ElfError('string-table', 'invalid');
    const bytes = this.bytesAt(this.offset + at, this.size - at);
    this.taken += bytes.length + 1;
    if (this.taken > MOST) throw new ElfError('string-table', 'too-large');
    const text = bytes.toString('utf8');
    this.known.set(at, text);
    return text;
  }

  private bytesAt(offset: number, rest: number): Buffer {
    for (let length = Math.min(USUAL_LENGTH, rest); ; length = Math.min(length * 16, rest)) {
      const bytes = readExactly(this.reader, offset, length, 'string-table');
      const end = bytes.indexOf(0);
      if (end !== -1) return bytes.subarray(0, end);
      if (length >= rest) throw new ElfError('string-table', 'invalid');
      if (length >= LONGEST) throw new ElfError('string-table', 'too-large');
    }
  }
}
