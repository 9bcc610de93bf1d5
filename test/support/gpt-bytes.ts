import { crc32 } from '../../src/images/crc32.js';
import type { SectorSize } from '../../src/images/disk/partition-table.js';

/** Offsets of the fields of a GPT header: UEFI Specification 2.10, section 5.3.2, table 5.5. */
export const HEADER = {
  signature: 0,
  revision: 8,
  headerSize: 12,
  headerCrc: 16,
  myLba: 24,
  alternateLba: 32,
  firstUsable: 40,
  lastUsable: 48,
  diskGuid: 56,
  entryLba: 72,
  entryCount: 80,
  entrySize: 84,
  entriesCrc: 88,
} as const;

/** The same for an entry: section 5.3.3, table 5.6. */
export const ENTRY = { type: 0, guid: 16, first: 32, last: 40, attributes: 48, name: 56 } as const;

/**
 * Makes the checksums of both copies of a table right again, wherever there is a header and as far as what it says of
 * itself makes sense.
 *
 * @param bytes a whole disk, changed in place
 */
export function repairChecksums(bytes: Buffer, sectorSize: SectorSize = 512): void {
  for (const offset of [sectorSize, bytes.length - (bytes.length % sectorSize) - sectorSize])
    if (offset > 0 && offset + sectorSize <= bytes.length) repairHeader(bytes, offset, sectorSize);
}

function repairHeader(bytes: Buffer, offset: number, sectorSize: SectorSize): void {
  const header = bytes.subarray(offset, offset + sectorSize);
  const size = header.readUInt32LE(HEADER.headerSize);
  const entries = Number(header.readBigUInt64LE(HEADER.entryLba)) * sectorSize;
  const length = header.readUInt32LE(HEADER.entryCount) * header.readUInt32LE(HEADER.entrySize);
  if (length <= 1024 * 1024 && entries + length <= bytes.length)
    header.writeUInt32LE(crc32(bytes.subarray(entries, entries + length)), HEADER.entriesCrc);
  if (size < 20 || size > sectorSize) return;
  header.fill(0, HEADER.headerCrc, HEADER.headerCrc + 4);
  header.writeUInt32LE(crc32(header.subarray(0, size)), HEADER.headerCrc);
}
