import { crc32 } from '../../src/images/crc32.js';
import type { SectorSize } from '../../src/images/disk/partition-table.js';
import { imageOf, type SparseImage, windowOf } from './sparse-image.js';

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
 * @param disk changed in place
 */
export function repairChecksums(disk: Buffer | SparseImage, sectorSize: SectorSize = 512): void {
  const image = Buffer.isBuffer(disk) ? imageOf(disk) : disk;
  const last = Math.floor(image.size / sectorSize) - 1;
  for (const sector of [1, last]) repairHeader(image, sector * sectorSize, sectorSize);
}

function repairHeader(image: SparseImage, offset: number, sectorSize: SectorSize): void {
  const header = windowOf(image, offset, sectorSize);
  if (header === null) return;
  const size = header.readUInt32LE(HEADER.headerSize);
  const length = header.readUInt32LE(HEADER.entryCount) * header.readUInt32LE(HEADER.entrySize);
  const entries = windowOf(image, Number(header.readBigUInt64LE(HEADER.entryLba)) * sectorSize, length);
  if (entries !== null) header.writeUInt32LE(crc32(entries), HEADER.entriesCrc);
  if (size < 20 || size > sectorSize) return;
  header.fill(0, HEADER.headerCrc, HEADER.headerCrc + 4);
  header.writeUInt32LE(crc32(header.subarray(0, size)), HEADER.headerCrc);
}
