import type { GptHeader } from './gpt-header.js';
import { readGuid } from './guid.js';
import type { Partition, PartitionProblem, SectorSize } from './partition-table.js';

/** Bits of Attributes that the partition type defines (UAPI.2, "Partition Attribute Flags"). */
const GROW_FILE_SYSTEM = 1n << 59n;
const READ_ONLY = 1n << 60n;
const NO_AUTO = 1n << 63n;

/** U+FFFD for half a character, and no byte order mark is taken for one. */
const UTF_16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** An entry as it stands there, its places in sectors. */
interface Entry {
  readonly number: number;
  readonly first: bigint;
  readonly last: bigint;
  readonly bytes: Buffer;
}

/**
 * The used entries of UEFI Specification 2.10, section 5.3.3, table 5.6; everything is little-endian.
 *
 * systemd passes over an entry that is not within what is usable, and takes two that share bytes, so that one which was
 * checked can be changed through the other. Neither is anything that a tool writes: the table is refused as a whole.
 *
 * @param bytes the whole array, as long as `header` says
 */
export function readEntries(
  bytes: Buffer,
  header: GptHeader,
  sectorSize: SectorSize,
): Partition[] | PartitionProblem {
  const entries = usedEntries(bytes, header.entrySize);
  const problem =
    entries.map((entry) => outside(entry, header)).find((found) => found !== null) ?? overlap(entries);
  return problem ?? entries.map((entry) => readPartition(entry, BigInt(sectorSize)));
}

function usedEntries(bytes: Buffer, size: number): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    if (isUnused(bytes, at)) continue;
    const entry = bytes.subarray(at, at + size);
    const [first, last] = [entry.readBigUInt64LE(32), entry.readBigUInt64LE(40)];
    entries.push({ number: at / size + 1, first, last, bytes: entry });
  }
  return entries;
}

/** PartitionTypeGUID of zeros. */
function isUnused(bytes: Buffer, at: number): boolean {
  return [0, 4, 8, 12].every((word) => bytes.readUInt32LE(at + word) === 0);
}

function outside({ number, first, last }: Entry, header: GptHeader): PartitionProblem | null {
  const { firstUsable, lastUsable } = header;
  const problem = (field: string, found: bigint, least: bigint): PartitionProblem => ({
    kind: 'partition-outside',
    number,
    field,
    found: String(found),
    wanted: `${least} to ${lastUsable}`,
  });
  if (first < firstUsable || first > lastUsable) return problem('StartingLBA', first, firstUsable);
  return last < first || last > lastUsable ? problem('EndingLBA', last, first) : null;
}

function overlap(entries: readonly Entry[]): PartitionProblem | null {
  const sorted = [...entries].sort((a, b) => Number(a.first > b.first) - Number(a.first < b.first));
  for (let index = 1; index < sorted.length; index += 1) {
    const [before, after] = [sorted[index - 1]!, sorted[index]!];
    if (before.last < after.first) continue;
    const [one, two] = [before.number, after.number];
    return { kind: 'partitions-overlap', numbers: one < two ? [one, two] : [two, one] };
  }
  return null;
}

function readPartition({ number, first, last, bytes }: Entry, sectorSize: bigint): Partition {
  const attributes = bytes.readBigUInt64LE(48);
  return {
    number,
    type: readGuid(bytes, 0),
    uuid: readGuid(bytes, 16),
    label: readLabel(bytes.subarray(56, 128)),
    offset: first * sectorSize,
    size: (last - first + 1n) * sectorSize,
    noAuto: (attributes & NO_AUTO) !== 0n,
    readOnly: (attributes & READ_ONLY) !== 0n,
    growFileSystem: (attributes & GROW_FILE_SYSTEM) !== 0n,
  };
}

/** PartitionName: 36 units of UTF-16, up to the first NUL. */
function readLabel(bytes: Buffer): string {
  return UTF_16.decode(bytes).replace(/\0.*$/s, '');
}
