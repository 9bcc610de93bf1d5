import { type Format, isPowerOfTwo } from './format.js';

/** Little-endian 0x73717368, SQUASHFS_MAGIC of include/uapi/linux/magic.h. */
const MAGIC = Buffer.from('hsqs', 'latin1');

/** Metadata is packed in blocks of 8 KiB, so no inode begins further into one (SQUASHFS_METADATA_SIZE). */
const METADATA_SIZE = 0x2000n;

/**
 * struct squashfs_super_block of the kernel's fs/squashfs/squashfs_fs.h; everything is little-endian. The rules are
 * those of squashfs_fill_super() in fs/squashfs/super.c. There is no UUID, label or checksum.
 */
export const SQUASHFS: Format = {
  type: 'squashfs',
  offset: 0n,
  size: 96,

  recognize: (superblock) => superblock.subarray(0, 4).equals(MAGIC),

  *read(superblock) {
    const blockSize = superblock.readUInt32LE(12);
    const compression = superblock.readUInt16LE(20);
    const blockLog = superblock.readUInt16LE(22);
    const idCount = superblock.readUInt16LE(26);
    const major = superblock.readUInt16LE(28);
    const minor = superblock.readUInt16LE(30);
    const rootInode = superblock.readBigUInt64LE(32);
    const bytesUsed = superblock.readBigUInt64LE(40);
    const idTableStart = superblock.readBigUInt64LE(48);
    const inodeTableStart = superblock.readBigUInt64LE(64);
    const directoryTableStart = superblock.readBigUInt64LE(72);

    // Versions 1 to 3 lay the superblock out differently; the kernel has read none but 4.0 since 2.6.29.
    yield ['s_major', major, major === 4, '4'];
    yield ['s_minor', minor, minor === 0, '0'];
    yield ['compression', compression, compression >= 1 && compression <= 6, '1 to 6'];
    yield [
      'block_size',
      blockSize,
      isPowerOfTwo(blockSize) && blockSize >= 4096 && blockSize <= 1024 * 1024,
      'a power of two from 4096 to 1048576',
    ];
    yield ['block_log', blockLog, 2 ** blockLog === blockSize, String(Math.log2(blockSize))];
    yield ['no_ids', idCount, idCount > 0, 'at least 1'];
    yield ['root_inode', rootInode, (rootInode & 0xffffn) <= METADATA_SIZE, 'an offset of at most 8192'];
    yield ['bytes_used', bytesUsed, bytesUsed >= 96n, 'at least 96'];
    yield ['id_table_start', idTableStart, idTableStart < bytesUsed, `less than ${bytesUsed}`];
    yield [
      'directory_table_start',
      directoryTableStart,
      directoryTableStart < idTableStart,
      `less than ${idTableStart}`,
    ];
    yield [
      'inode_table_start',
      inodeTableStart,
      inodeTableStart < directoryTableStart,
      `less than ${directoryTableStart}`,
    ];
    return { uuid: null, label: null, size: bytesUsed };
  },
};
