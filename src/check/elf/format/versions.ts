import type { ByteReader } from '../../../images/byte-reader.js';
import { ElfError, type ElfPart, type NeededVersion, type NeededVersions } from './elf-file.js';
import { type Encoding, Fields, readExactly } from './fields.js';
import type { StringTable } from './string-table.js';

/**
 * Symbol versions (Linux Standard Base Core 5.0, section 10.7). The structures are the same for both widths. They are
 * chained by distances from one to the next; 0 ends a chain, so that a chain only goes forward.
 */
const VERNEED = { version: 0, file: 4, aux: 8, next: 12, size: 16 } as const;
const VERNAUX = { flags: 4, name: 8, next: 12, size: 16 } as const;
const VERDEF = { version: 0, aux: 12, next: 16, size: 20 } as const;
const VERDAUX = { name: 0, size: 8 } as const;

const VER_FLG_WEAK = 2;

/** Of all entries of a file together; libc.so.6 has about 40. A hostile chain may go forward by 1 byte each time. */
const MOST_ENTRIES = 16384;

/** What is needed to read them. */
export interface VersionSource {
  readonly reader: ByteReader;
  readonly encoding: Encoding;
  readonly strings: StringTable;
}

/**
 * `DT_VERNEED`: for each library the versions that are needed of it.
 *
 * @throws ElfError, and what the reader throws
 */
export function readNeededVersions(source: VersionSource, offset: number): NeededVersions[] {
  const chain = new Chain(source, 'needed-versions');
  const found: NeededVersions[] = [];
  chain.follow(offset, VERNEED, (need, at) => {
    const versions: NeededVersion[] = [];
    chain.follow(at + need.word(VERNEED.aux), VERNAUX, (version) => {
      const weak = (version.half(VERNAUX.flags) & VER_FLG_WEAK) !== 0;
      versions.push({ name: source.strings.get(version.word(VERNAUX.name)), weak });
    });
    found.push({ library: source.strings.get(need.word(VERNEED.file)), versions });
  });
  return found;
}

/**
 * `DT_VERDEF`: the versions that a library has. The first name of each is its own, others are those it builds on.
 *
 * @throws ElfError, and what the reader throws
 */
export function readDefinedVersions(source: VersionSource, offset: number): string[] {
  const chain = new Chain(source, 'defined-versions');
  const found: string[] = [];
  chain.follow(offset, VERDEF, (definition, at) => {
    const name = chain.read(at + definition.word(VERDEF.aux), VERDAUX.size);
    found.push(source.strings.get(name.word(VERDAUX.name)));
  });
  return found;
}

class Chain {
  private entries = 0;

  constructor(
    private readonly source: VersionSource,
    private readonly part: ElfPart,
  ) {}

  follow(
    offset: number,
    layout: { readonly version?: number; readonly next: number; readonly size: number },
    visit: (entry: Fields, at: number) => void,
  ): void {
    for (let at = offset; ; ) {
      this.entries += 1;
      if (this.entries > MOST_ENTRIES) throw new ElfError(this.part, 'too-large');
      const entry = this.read(at, layout.size);
      // The only version of these structures that there is.
      if (layout.version !== undefined && entry.half(layout.version) !== 1)
        throw new ElfError(this.part, 'invalid');
      visit(entry, at);
      const next = entry.word(layout.next);
      if (next === 0) return;
      at += next;
    }
  }

  read(at: number, size: number): Fields {
    return new Fields(readExactly(this.source.reader, at, size, this.part), this.source.encoding);
  }
}
