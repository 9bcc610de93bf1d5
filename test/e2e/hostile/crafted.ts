import { readFileSync } from 'node:fs';
import { crc32c } from '../../../src/images/crc32c.js';
import { crc32cWithout } from '../../../src/images/file-system/format.js';
import { ENTRY, HEADER, repairChecksums } from '../../support/gpt-bytes.js';

/** A change of an image that its maker could think of, with all checksums right afterwards. */
export interface Crafted {
  readonly name: string;
  readonly of: 'disk' | 'squashfs' | 'ext4' | 'erofs';
  readonly change: (bytes: Buffer) => void;
}

const SECTOR = 512;
const ENTRIES = 2 * SECTOR;
const [HUGE, MOST] = [2n ** 63n, 2n ** 64n - 1n];

/** Something in both copies of a partition table. */
const table = (name: string, change: (header: Buffer, entries: Buffer) => void): Crafted => ({
  name,
  of: 'disk',
  change(bytes) {
    const last = bytes.length - SECTOR;
    const backup = last - 32 * SECTOR;
    change(bytes.subarray(SECTOR, 2 * SECTOR), bytes.subarray(ENTRIES, ENTRIES + 128 * 128));
    change(bytes.subarray(last), bytes.subarray(backup, backup + 128 * 128));
    repairChecksums(bytes);
  },
});

const wide = (bytes: Buffer, at: number, value: bigint) => bytes.writeBigUInt64LE(value, at);

const squashfs = (name: string, change: (superblock: Buffer) => void): Crafted => ({
  name,
  of: 'squashfs',
  change,
});

const ext4 = (name: string, change: (superblock: Buffer) => void): Crafted => ({
  name,
  of: 'ext4',
  change(bytes) {
    const superblock = bytes.subarray(1024, 2048);
    change(superblock);
    superblock.writeUInt32LE(crc32c(superblock.subarray(0, 0x3fc)), 0x3fc);
  },
});

const erofs = (name: string, change: (superblock: Buffer) => void): Crafted => ({
  name,
  of: 'erofs',
  change(bytes) {
    const block = bytes.subarray(1024, 4096);
    change(block);
    block.writeUInt32LE(crc32cWithout(block, 4), 4);
  },
});

export const CRAFTED: readonly Crafted[] = [
  table('entries-4-billion', (header) => header.writeUInt32LE(0xffffffff, HEADER.entryCount)),
  table('entries-of-2-gb', (header) => header.writeUInt32LE(0x80000000, HEADER.entrySize)),
  table('entries-times-size-wraps', (header) => {
    header.writeUInt32LE(0x02000001, HEADER.entryCount);
    header.writeUInt32LE(0x80, HEADER.entrySize);
  }),
  table('entries-of-no-size', (header) => header.writeUInt32LE(0, HEADER.entrySize)),
  table('header-of-4-gb', (header) => header.writeUInt32LE(0xffffffff, HEADER.headerSize)),
  table('entries-behind-the-file', (header) => wide(header, HEADER.entryLba, HUGE / 512n)),
  table('entries-in-the-header', (header) => wide(header, HEADER.entryLba, 0n)),
  table('usable-before-it-begins', (header) => {
    wide(header, HEADER.firstUsable, MOST);
    wide(header, HEADER.lastUsable, 0n);
  }),
  table('partition-behind-the-file', (_, entries) => wide(entries, ENTRY.last, HUGE / 512n)),
  table('partition-of-2-to-the-64', (_, entries) => {
    wide(entries, ENTRY.first, 0n);
    wide(entries, ENTRY.last, MOST);
  }),
  table('partition-ends-before-it-begins', (_, entries) => wide(entries, ENTRY.last, 1n)),
  table('partition-over-the-table', (_, entries) => wide(entries, ENTRY.first, 1n)),
  table('partitions-overlap', (_, entries) => {
    entries.copy(entries, 128, 0, 128);
    entries.writeUInt8(entries.readUInt8(ENTRY.guid) ^ 1, 128 + ENTRY.guid);
  }),
  table('label-a-terminal-obeys', (_, entries) => {
    entries.write('\x1b[2J\n\u202e\ud800', ENTRY.name, 'utf16le');
    wide(entries, ENTRY.first, 1n);
  }),
  squashfs('squashfs-of-2-to-the-63', (bytes) => wide(bytes, 40, HUGE)),
  squashfs('squashfs-of-2-to-the-64', (bytes) => wide(bytes, 40, MOST)),
  squashfs('squashfs-blocks-of-2-gb', (bytes) => {
    bytes.writeUInt32LE(0x80000000, 12);
    bytes.writeUInt16LE(31, 22);
  }),
  squashfs('squashfs-tables-behind-the-file', (bytes) => {
    for (const at of [48, 56, 64, 72, 80]) wide(bytes, at, HUGE - 1n);
  }),
  squashfs('squashfs-4-billion-inodes', (bytes) => {
    bytes.writeUInt32LE(0xffffffff, 4);
    bytes.writeUInt32LE(0xffffffff, 16);
    bytes.writeUInt16LE(0xffff, 26);
  }),
  ext4('ext4-of-2-to-the-63-blocks', (bytes) => {
    bytes.writeUInt32LE(0xffffffff, 4);
    bytes.writeUInt32LE(0x7fffffff, 0x150);
  }),
  ext4('ext4-blocks-of-2-to-the-32', (bytes) => bytes.writeUInt32LE(32, 0x18)),
  ext4('ext4-groups-of-no-blocks', (bytes) => bytes.writeUInt32LE(0, 0x20)),
  ext4('ext4-label-a-terminal-obeys', (bytes) => {
    bytes.write('\x1b[2J\n\x9b', 0x78, 'latin1');
    bytes.writeUInt32LE(0xffffffff, 4);
  }),
  erofs('erofs-of-4-billion-blocks', (bytes) => bytes.writeUInt32LE(0xffffffff, 36)),
  erofs('erofs-blocks-of-2-to-the-255', (bytes) => bytes.writeUInt8(255, 12)),
];

/** @param files honest images, by kind */
export function craft({ of, change }: Crafted, files: Readonly<Record<Crafted['of'], string>>): Buffer {
  const bytes = readFileSync(files[of]);
  change(bytes);
  return bytes;
}
