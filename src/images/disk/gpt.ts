import type { ByteReader } from '../byte-reader.js';
import { crc32 } from '../crc32.js';
import { hex, type Rule } from '../file-system/format.js';
import { readEntries } from './gpt-entries.js';
import { alternateOf, type GptHeader, type HeaderPlace, hasSignature, readHeader } from './gpt-header.js';
import type {
  GptDamaged,
  PartitionProblem,
  PartitionTable,
  PartitionTableProblem,
  SectorSize,
} from './partition-table.js';
import { readMbr } from './protective-mbr.js';

/** No medium that a loop device or a disk stands for has other sectors. */
const SECTOR_SIZES = [512, 4096] as const;

/** What one copy of the table is, as far as it can be told without the other. */
type Copy =
  | { readonly kind: 'valid'; readonly table: PartitionTable | PartitionProblem }
  | (PartitionTableProblem & { readonly kind: 'gpt-cut-off' })
  | GptDamaged
  | { readonly kind: 'absent' };

/**
 * Reads the GUID partition table of a disk image: UEFI Specification 2.10, section 5.3.
 *
 * The size of a sector is written nowhere: it is that with which a header is found. The second copy of the table counts
 * if no first one is valid (section 5.3.2). Of an image without damage some 21 KiB are read. In the worst case it is a
 * sector and 1 MiB of entries in six places: three for each of the two sizes.
 *
 * @throws only what `reader` throws
 */
export function readPartitionTable(reader: ByteReader): PartitionTable | PartitionTableProblem {
  const mbr = readMbr(reader.read(0n, 512));
  if (mbr === 'hybrid') return { kind: 'hybrid-mbr' };
  const firsts = SECTOR_SIZES.map((sectorSize) => readCopy(reader, { sectorSize, sector: 1n }, false));
  // Without the MBR that protects it, a table is what was left behind when the disk got another one.
  if (mbr !== 'protective') return unprotected(mbr, firsts);
  const first = onlyValid(firsts);
  if (first !== null) return first;
  // A file that was cut off has lost its end, and the second copy with it.
  const cutOff = firsts.find((copy) => copy.kind === 'gpt-cut-off');
  if (cutOff !== undefined) return cutOff;
  const seconds = SECTOR_SIZES.map((sectorSize) => readSecondCopy(reader, sectorSize));
  return onlyValid(seconds) ?? worst(firsts);
}

/** `null` if no copy is valid. */
function onlyValid(copies: readonly Copy[]): PartitionTable | PartitionTableProblem | null {
  const valid = copies.filter((copy) => copy.kind === 'valid');
  return valid.length > 1 ? { kind: 'sector-size-ambiguous' } : (valid[0]?.table ?? null);
}

/** What to say of a disk of which neither copy is valid: what is wrong with the first, by the sectors that it has. */
function worst(firsts: readonly Copy[]): PartitionTableProblem {
  const damaged = firsts.find((copy) => copy.kind === 'gpt-damaged');
  if (damaged !== undefined) return damaged;
  return { kind: 'gpt-damaged', field: 'Signature', found: 'none', wanted: 'EFI PART' };
}

function unprotected(mbr: 'none' | 'mbr', firsts: readonly Copy[]): PartitionTableProblem {
  if (mbr === 'mbr') return { kind: 'mbr' };
  if (firsts.every(({ kind }) => kind === 'absent')) return { kind: 'no-partition-table' };
  return { kind: 'gpt-damaged', field: 'Signature of the protective MBR', found: 'none', wanted: '0xaa55' };
}

/** At the end of the file, and where the first copy says, in case that the file is longer than the disk was. */
function readSecondCopy(reader: ByteReader, sectorSize: SectorSize): Copy {
  const size = BigInt(sectorSize);
  const last = reader.size / size - 1n;
  const alternate = alternateOf(reader.read(size, sectorSize));
  for (const sector of new Set([last, alternate ?? last])) {
    if (sector < 2n || sector > last) continue;
    const copy = readCopy(reader, { sectorSize, sector }, true);
    if (copy.kind === 'valid') return copy;
  }
  return { kind: 'absent' };
}

function readCopy(reader: ByteReader, place: HeaderPlace, usedBackup: boolean): Copy {
  const { sectorSize } = place;
  const size = BigInt(sectorSize);
  const sector = reader.read(place.sector * size, sectorSize);
  if (!hasSignature(sector)) return { kind: 'absent' };
  const cutOff = (sectors: bigint): Copy => ({
    kind: 'gpt-cut-off',
    size: sectors * size,
    available: reader.size,
  });
  if (sector.length < sectorSize) return cutOff(place.sector + 1n);
  const header = follow(readHeader(sector, place));
  if ('kind' in header) return header;
  if ((header.lastUsable + 1n) * size > reader.size) return cutOff(header.lastUsable + 1n);

  const entries = reader.read(header.entries * size, header.entryCount * header.entrySize);
  const computed = crc32(entries);
  if (header.entriesCrc !== computed) {
    return damaged(['PartitionEntryArrayCRC32', hex(header.entriesCrc), false, hex(computed)]);
  }
  const partitions = readEntries(entries, header, sectorSize);
  if (!Array.isArray(partitions)) return { kind: 'valid', table: partitions };
  const { diskUuid } = header;
  return {
    kind: 'valid',
    table: { kind: 'partition-table', sectorSize, diskUuid, usedBackup, partitions },
  };
}

/** Reads a header up to the first rule that it breaks. */
function follow(rules: Generator<Rule, GptHeader>): GptHeader | GptDamaged {
  let step = rules.next();
  while (!step.done) {
    if (!step.value[2]) return damaged(step.value);
    step = rules.next();
  }
  return step.value;
}

function damaged([field, found, , wanted]: Rule): GptDamaged {
  return { kind: 'gpt-damaged', field, found: String(found), wanted };
}
