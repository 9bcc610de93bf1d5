import { crc32 } from '../crc32.js';
import { hex, isPowerOfTwo, type Rule } from '../file-system/format.js';
import { readGuid } from './guid.js';
import type { SectorSize } from './partition-table.js';

/** EFI_PARTITION_TABLE_HEADER's 0x5452415020494645, little-endian. */
export const SIGNATURE = 'EFI PART';
export const REVISION = 0x00010000;

/** From Signature to PartitionEntryArrayCRC32; the rest of the sector is reserved. */
export const HEADER_SIZE = 92;
const CRC_OFFSET = 16;

/** An entry of 128 bytes, the least, has all fields; a longer one is padded. */
const SMALLEST_ENTRY = 128;
const LARGEST_ENTRY = 4096;

/** As much as is ever read for the entries: 8192 of them. Tools write 128 entries of 128 bytes, and none more by itself. */
export const MOST_ENTRY_BYTES = 1024 * 1024;

/**
 * What a header says. The entries are at most {@link MOST_ENTRY_BYTES}, and lie outside of what is usable; whether the
 * file is long enough has no rule here.
 */
export interface GptHeader {
  readonly diskUuid: string;
  readonly firstUsable: bigint;
  readonly lastUsable: bigint;
  readonly entries: bigint;
  readonly entryCount: number;
  readonly entrySize: number;
  readonly entriesCrc: number;
}

/** Where a header was read: one at sector 1 is the first copy. */
export interface HeaderPlace {
  readonly sectorSize: SectorSize;
  readonly sector: bigint;
}

export function hasSignature(header: Buffer): boolean {
  return header.toString('latin1', 0, SIGNATURE.length) === SIGNATURE;
}

/** AlternateLBA, the sector of the other copy, of a header that may be damaged, hence a hint. */
export function alternateOf(header: Buffer): bigint | null {
  return header.length >= HEADER_SIZE && hasSignature(header) ? header.readBigUInt64LE(32) : null;
}

/**
 * UEFI Specification 2.10, section 5.3.2, table 5.5; everything is little-endian. The first broken rule ends it, so
 * what follows a rule may rely on it. systemd checks neither the revision nor that the entries are where section 5.3.1
 * has them, and takes no entry of another size than 128.
 *
 * AlternateLBA has no rule: it is wrong on every image that was copied to a larger disk.
 *
 * @param sector a whole sector
 */
export function* readHeader(sector: Buffer, place: HeaderPlace): Generator<Rule, GptHeader> {
  const { sectorSize } = place;
  const signature = `0x${sector.toString('hex', 0, SIGNATURE.length)}`;
  const wanted = `0x${Buffer.from(SIGNATURE).toString('hex')}`;
  yield ['Signature', signature, hasSignature(sector), wanted];
  const revision = sector.readUInt32LE(8);
  const headerSize = sector.readUInt32LE(12);
  const crc = sector.readUInt32LE(CRC_OFFSET);
  const myLba = sector.readBigUInt64LE(24);
  const firstUsable = sector.readBigUInt64LE(40);
  const lastUsable = sector.readBigUInt64LE(48);
  const entries = sector.readBigUInt64LE(72);
  const entryCount = sector.readUInt32LE(80);
  const entrySize = sector.readUInt32LE(84);

  const sizeFits = headerSize >= HEADER_SIZE && headerSize <= sectorSize;
  yield ['HeaderSize', headerSize, sizeFits, `${HEADER_SIZE} to ${sectorSize}`];
  const computed = crcOf(sector.subarray(0, headerSize));
  yield ['HeaderCRC32', hex(crc), crc === computed, hex(computed)];
  yield ['Revision', hex(revision), revision === REVISION, hex(REVISION)];
  yield ['MyLBA', myLba, myLba === place.sector, String(place.sector)];
  const entryFits = isPowerOfTwo(entrySize) && entrySize >= SMALLEST_ENTRY && entrySize <= LARGEST_ENTRY;
  yield [
    'SizeOfPartitionEntry',
    entrySize,
    entryFits,
    `a power of two from ${SMALLEST_ENTRY} to ${LARGEST_ENTRY}`,
  ];
  const mostEntries = MOST_ENTRY_BYTES / entrySize;
  yield [
    'NumberOfPartitionEntries',
    entryCount,
    entryCount > 0 && entryCount <= mostEntries,
    `1 to ${mostEntries}`,
  ];
  yield ['FirstUsableLBA', firstUsable, firstUsable <= lastUsable, `at most ${lastUsable}`];

  const entryEnd = entries + BigInt(Math.ceil((entryCount * entrySize) / sectorSize));
  if (place.sector === 1n) {
    // Section 5.3.1: the first header, its entries, what may be used.
    yield ['PartitionEntryLBA', entries, entries >= 2n && entryEnd <= firstUsable, `2 to ${firstUsable}`];
  } else {
    // The same in the opposite order: what may be used, the entries, the second header.
    yield ['LastUsableLBA', lastUsable, lastUsable < place.sector, `less than ${place.sector}`];
    const behind = entries > lastUsable && entryEnd <= place.sector;
    yield ['PartitionEntryLBA', entries, behind, `${lastUsable + 1n} to ${place.sector}`];
    yield ['FirstUsableLBA', firstUsable, firstUsable >= 2n, 'at least 2'];
  }
  return {
    diskUuid: readGuid(sector, 56),
    firstUsable,
    lastUsable,
    entries,
    entryCount,
    entrySize,
    entriesCrc: sector.readUInt32LE(88),
  };
}

/** The checksum is that of the header with zeros in the checksum's place. */
function crcOf(header: Buffer): number {
  return crc32(header.subarray(0, CRC_OFFSET), Buffer.alloc(4), header.subarray(CRC_OFFSET + 4));
}
