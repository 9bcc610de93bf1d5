import type { ByteReader } from '../../../images/byte-reader.js';
import { ElfError, type ElfFile } from './elf-file.js';
import { type Encoding, Fields, readExactly } from './fields.js';

/** `\x7fELF` */
const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** Offsets in `e_ident`: `EI_CLASS`, `EI_DATA`, `EI_VERSION`. */
const IDENT = { class: 4, data: 5, version: 6, size: 16 } as const;

/** Offsets of the fields of `Elf32_Ehdr` and `Elf64_Ehdr` (elf(5)), and of `Elf32_Phdr` and `Elf64_Phdr`. */
const HEADER = {
  32: { type: 16, machine: 18, phoff: 28, flags: 36, phentsize: 42, phnum: 44, size: 52 },
  64: { type: 16, machine: 18, phoff: 32, flags: 48, phentsize: 54, phnum: 56, size: 64 },
} as const;
const PROGRAM_HEADER = {
  32: { type: 0, offset: 4, vaddr: 8, filesz: 16, size: 32 },
  64: { type: 0, offset: 8, vaddr: 16, filesz: 32, size: 56 },
} as const;

/** `ET_EXEC` and `ET_DYN`; others are neither programs nor libraries: object files, kernel modules, core dumps. */
const TYPES: Readonly<Record<number, ElfFile['type']>> = { 2: 'executable', 3: 'shared' };

/** The kernel starts no program with more bytes of program headers (`load_elf_phdrs` in fs/binfmt_elf.c). */
const MOST_PROGRAM_HEADERS = 65536;

/** A part of the file, and where it is in memory once it is loaded. */
export interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  /** Bytes in the file. */
  readonly size: number;
}

export interface ElfHeader {
  readonly encoding: Encoding;
  readonly type: ElfFile['type'];
  readonly machine: number;
  readonly flags: number;
  /** In the order of the file; offsets and sizes are not checked. */
  readonly segments: readonly Segment[];
}

/**
 * Reads the header and the program headers.
 *
 * @returns `null` if it is no ELF file, or neither a program nor a library
 * @throws ElfError, and what `reader` throws
 */
export function readHeader(reader: ByteReader): ElfHeader | null {
  const ident = reader.read(0n, IDENT.size);
  if (!ident.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (ident.length < IDENT.size) throw new ElfError('header', 'cut-short');
  const encoding = readEncoding(ident);
  const at = HEADER[encoding.width];
  const header = new Fields(readExactly(reader, 0, at.size, 'header'), encoding);
  const type = TYPES[header.half(at.type)];
  if (type === undefined) return null;
  const segments = readSegments(reader, header, encoding);
  return { encoding, type, machine: header.half(at.machine), flags: header.word(at.flags), segments };
}

function readEncoding(ident: Buffer): Encoding {
  const [width, order] = [ident[IDENT.class], ident[IDENT.data]];
  if ((width !== 1 && width !== 2) || (order !== 1 && order !== 2) || ident[IDENT.version] !== 1)
    throw new ElfError('header', 'invalid');
  return { width: width === 1 ? 32 : 64, order: order === 1 ? 'little' : 'big' };
}

function readSegments(reader: ByteReader, header: Fields, encoding: Encoding): Segment[] {
  const { phoff, phentsize, phnum } = HEADER[encoding.width];
  const at = PROGRAM_HEADER[encoding.width];
  const count = header.half(phnum);
  if (count === 0) return [];
  if (header.half(phentsize) !== at.size) throw new ElfError('program-headers', 'invalid');
  const length = count * at.size;
  if (length > MOST_PROGRAM_HEADERS) throw new ElfError('program-headers', 'too-large');
  const bytes = readExactly(reader, header.address(phoff), length, 'program-headers');
  return Array.from({ length: count }, (_, index) => {
    const entry = new Fields(bytes.subarray(index * at.size, (index + 1) * at.size), encoding);
    return {
      type: entry.word(at.type),
      offset: entry.address(at.offset),
      address: entry.address(at.vaddr),
      size: entry.address(at.filesz),
    };
  });
}
