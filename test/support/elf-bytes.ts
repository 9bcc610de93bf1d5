import type { NeededVersions } from '../../src/check/elf/format/elf-file.js';

/** A program or library as data: what a dynamic loader reads of it. What is not given is not in the file. */
export interface ElfSpec {
  readonly width?: 32 | 64;
  readonly order?: 'little' | 'big';
  readonly machine?: number;
  readonly flags?: number;
  /** `ET_EXEC` is 2, `ET_DYN` 3. */
  readonly type?: number;
  readonly interpreter?: string;
  /** Without a dynamic section, whatever else is given: a static program. */
  readonly isStatic?: boolean;
  readonly needed?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  /** `DT_FLAGS_1` */
  readonly flags1?: number;
  readonly versionsNeeded?: readonly NeededVersions[];
  readonly versionsDefined?: readonly string[];
  /** Bytes behind all of it, as code would be. */
  readonly padding?: Buffer;
}

/** Where in the file the parts are, for tests that break them. */
export interface ElfLayout {
  readonly programHeaders: number;
  readonly interpreter: number;
  readonly strings: number;
  readonly dynamic: number;
  readonly needed: number;
  readonly defined: number;
}

export const MACHINE = { x86: 3, 'x86-64': 62, arm: 40, arm64: 183, s390x: 22, riscv64: 243 } as const;

/** Not 0, so that addresses and offsets are different. */
const BASE = 0x10000;

/** Writes the bytes of an ELF file (elf(5); symbol versions: Linux Standard Base Core 5.0, section 10.7). */
export function elfBytes(spec: ElfSpec = {}): Buffer {
  return elfWithLayout(spec).bytes;
}

export function elfWithLayout(spec: ElfSpec): { bytes: Buffer; layout: ElfLayout } {
  const { width = 64, order = 'little', machine = MACHINE['x86-64'], type = 3, flags = 0 } = spec;
  const out = new Writer(width, order);
  const strings = new Strings();
  const wide = width === 64;
  const [headerSize, entrySize] = wide ? [64, 56] : [52, 32];

  const count = 1 + Number(spec.interpreter !== undefined) + Number(!spec.isStatic);
  const interpreter = headerSize + count * entrySize;
  const interpreterBytes = Buffer.from(spec.interpreter === undefined ? '' : `${spec.interpreter}\0`);
  const needed = align(interpreter + interpreterBytes.length);
  const neededBytes = neededVersions(out.part(), strings, spec.versionsNeeded ?? []);
  const defined = align(needed + neededBytes.length);
  const definedBytes = definedVersions(out.part(), strings, spec.versionsDefined ?? []);
  const dynamic = align(defined + definedBytes.length);
  const entries = dynamicEntries(spec, strings, { needed, defined });
  const dynamicSize = (entries.length + 3) * (width / 4);
  const stringsAt = dynamic + dynamicSize;
  const size = stringsAt + strings.bytes().length;

  // Elf32_Ehdr, Elf64_Ehdr
  out.bytes(Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, order === 'little' ? 1 : 2, 1, 0]));
  out.zeros(8).half(type).half(machine).word(1).address(0).address(headerSize).address(0).word(flags);
  out.half(headerSize).half(entrySize).half(count).half(0).half(0).half(0);
  // Elf32_Phdr, Elf64_Phdr: PT_LOAD, PT_INTERP, PT_DYNAMIC
  out.segment(1, 0, size);
  if (spec.interpreter !== undefined) out.segment(3, interpreter, interpreterBytes.length);
  if (!spec.isStatic) out.segment(2, dynamic, dynamicSize);

  out.bytes(interpreterBytes).padTo(needed).bytes(neededBytes).padTo(defined).bytes(definedBytes);
  out.padTo(dynamic);
  // DT_STRTAB, DT_STRSZ, DT_NULL
  const all = [...entries, [5, BASE + stringsAt], [10, strings.bytes().length], [0, 0]] as const;
  if (!spec.isStatic) for (const [tag, value] of all) out.address(tag).address(value);
  out.padTo(stringsAt).bytes(strings.bytes());
  out.bytes(spec.padding ?? Buffer.alloc(0));
  const layout = { programHeaders: headerSize, interpreter, strings: stringsAt, dynamic, needed, defined };
  return { bytes: out.done(), layout };
}

function dynamicEntries(
  spec: ElfSpec,
  strings: Strings,
  { needed, defined }: Pick<ElfLayout, 'needed' | 'defined'>,
): (readonly [number, number])[] {
  const text = (tag: number, value: string | undefined) =>
    value === undefined ? [] : [[tag, strings.add(value)] as const];
  return [
    ...(spec.needed ?? []).map((name) => [1, strings.add(name)] as const),
    ...text(14, spec.soname),
    ...text(15, spec.rpath),
    ...text(29, spec.runpath),
    ...(spec.flags1 === undefined ? [] : [[0x6ffffffb, spec.flags1] as const]),
    ...(spec.versionsNeeded === undefined
      ? []
      : [[0x6ffffffe, BASE + needed] as const, [0x6fffffff, spec.versionsNeeded.length] as const]),
    ...(spec.versionsDefined === undefined
      ? []
      : [[0x6ffffffc, BASE + defined] as const, [0x6ffffffd, spec.versionsDefined.length] as const]),
  ];
}

/** `Elf32_Verneed` with its `Elf32_Vernaux` behind it, for each library. */
function neededVersions(out: Writer, strings: Strings, all: readonly NeededVersions[]): Buffer {
  all.forEach(({ library, versions }, index) => {
    const next = index + 1 < all.length ? 16 + 16 * versions.length : 0;
    out.half(1).half(versions.length).word(strings.add(library)).word(16).word(next);
    versions.forEach(({ name, weak }, at) => {
      out
        .word(0)
        .half(weak ? 2 : 0)
        .half(2)
        .word(strings.add(name));
      out.word(at + 1 < versions.length ? 16 : 0);
    });
  });
  return out.done();
}

/** `Elf32_Verdef` with one `Elf32_Verdaux` behind it, for each version. */
function definedVersions(out: Writer, strings: Strings, names: readonly string[]): Buffer {
  names.forEach((name, index) => {
    out
      .half(1)
      .half(0)
      .half(index + 1)
      .half(1)
      .word(0)
      .word(20)
      .word(index + 1 < names.length ? 28 : 0);
    out.word(strings.add(name)).word(0);
  });
  return out.done();
}

const align = (offset: number): number => Math.ceil(offset / 8) * 8;

/** A string table: an empty string first, each string once. */
class Strings {
  private readonly known = new Map<string, number>([['', 0]]);
  private table = Buffer.alloc(1);

  add(text: string): number {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const at = this.table.length;
    this.known.set(text, at);
    this.table = Buffer.concat([this.table, Buffer.from(`${text}\0`)]);
    return at;
  }

  bytes(): Buffer {
    return this.table;
  }
}

class Writer {
  private readonly parts: Buffer[] = [];
  private length = 0;

  constructor(
    private readonly width: 32 | 64,
    private readonly order: 'little' | 'big',
  ) {}

  /** An empty one for a part of the same file. */
  part(): Writer {
    return new Writer(this.width, this.order);
  }

  bytes(bytes: Buffer): this {
    this.parts.push(bytes);
    this.length += bytes.length;
    return this;
  }

  zeros(count: number): this {
    return this.bytes(Buffer.alloc(count));
  }

  padTo(offset: number): this {
    return this.zeros(offset - this.length);
  }

  half(value: number): this {
    const bytes = Buffer.alloc(2);
    if (this.order === 'little') bytes.writeUInt16LE(value);
    else bytes.writeUInt16BE(value);
    return this.bytes(bytes);
  }

  word(value: number): this {
    const bytes = Buffer.alloc(4);
    if (this.order === 'little') bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return this.bytes(bytes);
  }

  address(value: number): this {
    if (this.width === 32) return this.word(value);
    const bytes = Buffer.alloc(8);
    if (this.order === 'little') bytes.writeBigUInt64LE(BigInt(value));
    else bytes.writeBigUInt64BE(BigInt(value));
    return this.bytes(bytes);
  }

  segment(type: number, offset: number, size: number): void {
    this.word(type);
    if (this.width === 64) this.word(4);
    this.address(offset)
      .address(BASE + offset)
      .address(BASE + offset)
      .address(size)
      .address(size);
    if (this.width === 32) this.word(4);
    this.address(8);
  }

  done(): Buffer {
    return Buffer.concat(this.parts);
  }
}
