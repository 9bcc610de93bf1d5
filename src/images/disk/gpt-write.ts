import { closeSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { appendBytes } from '../../host/copy-bytes.js';
import { crc32 } from '../crc32.js';
import { HEADER_SIZE, REVISION, SIGNATURE } from './gpt-header.js';
import { guidBytes } from './guid.js';

/** A partition that is to be written. */
export interface NewPartition {
  /** GUIDs as text. */
  readonly type: string;
  readonly uuid: string;
  /** At most 36 units of UTF-16. */
  readonly label: string;
  /** The file with its content. */
  readonly content: string;
}

const SECTOR = 512;

/** Partitions begin where a block of file systems and hash trees does, as systemd-repart(8) has it. */
const GRAIN = 4096;

const ENTRY_SIZE = 128;
const ENTRY_COUNT = 128;
const ENTRY_SECTORS = (ENTRY_SIZE * ENTRY_COUNT) / SECTOR;

/** Behind the protective MBR, the header and the entries. */
const FIRST_USABLE = 2 + ENTRY_SECTORS;

/** Bit 60 of Attributes (UAPI.2, "Partition Attribute Flags"). */
const READ_ONLY = 1n << 60n;

/**
 * Writes a disk image with a GUID partition table and the content of all partitions: UEFI Specification 2.10, section 5.3. The
 * same partitions give the same bytes.
 *
 * @param file is made
 * @throws the errors of Node's file functions
 */
export function writeDisk(file: string, diskUuid: string, partitions: readonly NewPartition[]): void {
  let next = roundUp(FIRST_USABLE * SECTOR);
  const placed = partitions.map((partition) => {
    const [offset, size] = [next, roundUp(statSync(partition.content).size)];
    next += size;
    return { ...partition, offset, size };
  });
  const total = roundUp(next + (ENTRY_SECTORS + 1) * SECTOR);
  const last = total / SECTOR - 1;
  const entries = Buffer.alloc(ENTRY_SIZE * ENTRY_COUNT);
  for (const [index, partition] of placed.entries())
    writeEntry(entries.subarray(index * ENTRY_SIZE), partition);
  const descriptor = openSync(file, 'wx', 0o644);
  try {
    ftruncateSync(descriptor, total);
    const write = (bytes: Buffer, sector: number) =>
      writeSync(descriptor, bytes, 0, bytes.length, sector * SECTOR);
    write(protectiveMbr(last), 0);
    write(header(diskUuid, entries, { own: 1, other: last, entries: 2 }), 1);
    write(entries, 2);
    for (const { content, offset } of placed) appendBytes(content, descriptor, offset);
    write(entries, last - ENTRY_SECTORS);
    write(header(diskUuid, entries, { own: last, other: 1, entries: last - ENTRY_SECTORS }), last);
  } finally {
    closeSync(descriptor);
  }
}

const roundUp = (bytes: number): number => Math.ceil(bytes / GRAIN) * GRAIN;

/** Section 5.3.3, table 5.6. */
function writeEntry(
  entry: Buffer,
  { type, uuid, label, offset, size }: NewPartition & { readonly offset: number; readonly size: number },
): void {
  guidBytes(type).copy(entry, 0);
  guidBytes(uuid).copy(entry, 16);
  entry.writeBigUInt64LE(BigInt(offset / SECTOR), 32);
  entry.writeBigUInt64LE(BigInt((offset + size) / SECTOR - 1), 40);
  entry.writeBigUInt64LE(READ_ONLY, 48);
  entry.write(label.slice(0, 36), 56, 'utf16le');
}

/** Section 5.3.2, table 5.5. */
function header(
  diskUuid: string,
  entries: Buffer,
  place: { readonly own: number; readonly other: number; readonly entries: number },
): Buffer {
  const last = Math.max(place.own, place.other);
  const sector = Buffer.alloc(SECTOR);
  sector.write(SIGNATURE, 0, 'latin1');
  sector.writeUInt32LE(REVISION, 8);
  sector.writeUInt32LE(HEADER_SIZE, 12);
  sector.writeBigUInt64LE(BigInt(place.own), 24);
  sector.writeBigUInt64LE(BigInt(place.other), 32);
  sector.writeBigUInt64LE(BigInt(FIRST_USABLE), 40);
  sector.writeBigUInt64LE(BigInt(last - ENTRY_SECTORS - 1), 48);
  guidBytes(diskUuid).copy(sector, 56);
  sector.writeBigUInt64LE(BigInt(place.entries), 72);
  sector.writeUInt32LE(ENTRY_COUNT, 80);
  sector.writeUInt32LE(ENTRY_SIZE, 84);
  sector.writeUInt32LE(crc32(entries), 88);
  sector.writeUInt32LE(crc32(sector.subarray(0, HEADER_SIZE)), 16);
  return sector;
}

/** Section 5.2.3: one partition over all of the disk. The addresses by cylinder and head are the largest there are. */
function protectiveMbr(last: number): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector.set([0, 0, 2, 0, 0xee, 0xff, 0xff, 0xff], 446);
  sector.writeUInt32LE(1, 454);
  sector.writeUInt32LE(Math.min(last, 0xffffffff), 458);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
