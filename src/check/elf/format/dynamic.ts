import type { ByteReader } from '../../../images/byte-reader.js';
import { type Dynamic, ElfError, type ElfPart } from './elf-file.js';
import { Fields, readExactly } from './fields.js';
import type { ElfHeader } from './header.js';
import { StringTable } from './string-table.js';
import { readDefinedVersions, readNeededVersions } from './versions.js';

/** `p_type` of a part that is loaded, and of the dynamic section. */
const PT_LOAD = 1;
const PT_DYNAMIC = 2;

/** `d_tag` of the entries that are looked at (elf(5)). */
const TAG = {
  null: 0,
  needed: 1,
  strtab: 5,
  strsz: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  flags1: 0x6ffffffb,
  verdef: 0x6ffffffc,
  verneed: 0x6ffffffe,
} as const;

/** Bits of `DT_FLAGS_1`. */
const DF_1_NODEFLIB = 0x800;
const DF_1_PIE = 0x8000000;

/** In bytes: 65536 entries. The largest known have some hundred. */
const MOST_DYNAMIC = 65536 * 16;

/** Finds in the file what is meant by an address in memory. */
export type Locate = (address: number, part: ElfPart) => number;

/**
 * Reads the dynamic section, and what it refers to.
 *
 * @returns `null` if there is none: a program that needs no loader
 * @throws ElfError, and what `reader` throws
 */
export function readDynamic(reader: ByteReader, header: ElfHeader): Dynamic | null {
  const segment = header.segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined || segment.size === 0) return null;
  if (segment.size > MOST_DYNAMIC) throw new ElfError('dynamic-section', 'too-large');
  const bytes = readExactly(reader, segment.offset, segment.size, 'dynamic-section');
  const { values, needed } = readEntries(bytes, header);
  const locate: Locate = (address, part) => fileOffset(header, address, part);
  const flags = values.get(TAG.flags1) ?? 0;
  const [verneed, verdef] = [values.get(TAG.verneed), values.get(TAG.verdef)];
  const strings = new StringTable(reader, values.get(TAG.strtab), values.get(TAG.strsz), locate);
  const text = (at: number | undefined): string | null => (at === undefined ? null : strings.get(at));
  const versions = { reader, encoding: header.encoding, strings };
  return {
    needed: needed.map((at) => strings.get(at)),
    soname: text(values.get(TAG.soname)),
    rpath: text(values.get(TAG.rpath)),
    runpath: text(values.get(TAG.runpath)),
    noDefaultDirectories: hasBit(flags, DF_1_NODEFLIB),
    isProgram: hasBit(flags, DF_1_PIE),
    versionsNeeded:
      verneed === undefined ? [] : readNeededVersions(versions, locate(verneed, 'needed-versions')),
    versionsDefined:
      verdef === undefined ? null : readDefinedVersions(versions, locate(verdef, 'defined-versions')),
  };
}

/** Flags are words of which the upper half is not used; `&` would do for 32 bits only. */
function hasBit(flags: number, bit: number): boolean {
  return Math.floor(flags / bit) % 2 === 1;
}

/** `Elf32_Dyn` and `Elf64_Dyn`: a tag and a value, of 4 or 8 bytes each. Of tags that occur twice the last counts, as in ld.so. */
function readEntries(
  bytes: Buffer,
  { encoding }: ElfHeader,
): { values: Map<number, number>; needed: number[] } {
  const size = encoding.width / 8;
  const fields = new Fields(bytes, encoding);
  const values = new Map<number, number>();
  const needed: number[] = [];
  for (let at = 0; at + 2 * size <= bytes.length; at += 2 * size) {
    const [tag, value] = [fields.address(at), fields.address(at + size)];
    if (tag === TAG.null) break;
    if (tag === TAG.needed) needed.push(value);
    else values.set(tag, value);
  }
  return { values, needed };
}

function fileOffset({ segments }: ElfHeader, address: number, part: ElfPart): number {
  const segment = segments.find(
    ({ type, address: start, size }) => type === PT_LOAD && address >= start && address < start + size,
  );
  if (segment === undefined) throw new ElfError(part, 'invalid');
  return segment.offset + (address - segment.address);
}
