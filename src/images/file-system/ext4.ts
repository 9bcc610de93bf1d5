import { crc32c } from '../crc32c.js';
import { type Format, formatLabel, formatUuid, hex, isPowerOfTwo } from './format.js';

/** Little-endian 0xEF53, EXT4_SUPER_MAGIC of include/uapi/linux/magic.h. */
const MAGIC = Buffer.from('53ef', 'hex');

const INCOMPAT_JOURNAL_DEV = 0x8;
const INCOMPAT_64BIT = 0x80;
const RO_COMPAT_BIGALLOC = 0x200;
const RO_COMPAT_METADATA_CSUM = 0x400;

/** The checksum is the last field, and covers all before it. */
const CHECKSUM_OFFSET = 0x3fc;

/**
 * struct ext4_super_block of the kernel's fs/ext4/ext4.h, also in Documentation/filesystems/ext4/super.rst; everything is
 * little-endian. The rules are those of ext4_fill_super() in fs/ext4/super.c.
 *
 * ext2 and ext3 have the same superblock with fewer features, and count as ext4: its driver mounts all three, and is
 * the only one left for them in most kernels (ext3 went in 4.3, CONFIG_EXT4_USE_FOR_EXT2 serves ext2).
 */
export const EXT4: Format = {
  type: 'ext4',
  offset: 1024n,
  size: 1024,

  /**
   * The magic is two bytes, which one file of 65536 has by chance. So one of the two fields with a handful of values must
   * make sense as well: s_creator_os (0x48, Linux is 0, Lites 4) or s_rev_level (0x4c, 0 or 1).
   */
  recognize: (superblock) =>
    superblock.length >= 0x50 &&
    superblock.subarray(0x38, 0x3a).equals(MAGIC) &&
    (superblock.readUInt32LE(0x48) <= 4 || superblock.readUInt32LE(0x4c) <= 1),

  *read(superblock) {
    const blocksLow = superblock.readUInt32LE(0x4);
    const firstDataBlock = superblock.readUInt32LE(0x14);
    const logBlockSize = superblock.readUInt32LE(0x18);
    const blocksPerGroup = superblock.readUInt32LE(0x20);
    const inodesPerGroup = superblock.readUInt32LE(0x28);
    const revision = superblock.readUInt32LE(0x4c);
    const inodeSize = superblock.readUInt16LE(0x58);
    const featureIncompat = superblock.readUInt32LE(0x60);
    const featureRoCompat = superblock.readUInt32LE(0x64);
    const uuid = superblock.subarray(0x68, 0x78);
    const volumeName = superblock.subarray(0x78, 0x88);
    const descriptorSize = superblock.readUInt16LE(0xfe);
    const blocksHigh = superblock.readUInt32LE(0x150);
    const checksumType = superblock.readUInt8(0x175);
    const checksum = superblock.readUInt32LE(CHECKSUM_OFFSET);

    // An external journal has this superblock too, but no files.
    const journalDevice = (featureIncompat & INCOMPAT_JOURNAL_DEV) !== 0;
    yield ['s_feature_incompat', hex(featureIncompat), !journalDevice, 'no journal_dev (0x00000008)'];
    yield ['s_rev_level', revision, revision <= 1, '0 or 1'];
    yield ['s_log_block_size', logBlockSize, logBlockSize <= 6, '0 to 6'];
    const blockSize = 1024 * 2 ** logBlockSize;
    // Revision 0 has neither this field nor features: its inodes are 128 bytes long.
    const inodeFits = isPowerOfTwo(inodeSize) && inodeSize >= 128 && inodeSize <= blockSize;
    yield ['s_inode_size', inodeSize, revision === 0 || inodeFits, `a power of two from 128 to ${blockSize}`];
    // A group's bitmaps take one block each; with bigalloc a bit stands for a cluster of many blocks.
    const most = 8 * blockSize;
    const groupFits =
      blocksPerGroup > 0 && (blocksPerGroup <= most || (featureRoCompat & RO_COMPAT_BIGALLOC) !== 0);
    yield ['s_blocks_per_group', blocksPerGroup, groupFits, `1 to ${most}`];
    yield [
      's_inodes_per_group',
      inodesPerGroup,
      inodesPerGroup > 0 && inodesPerGroup <= most,
      `1 to ${most}`,
    ];
    const wide = (featureIncompat & INCOMPAT_64BIT) !== 0;
    const descriptorFits = isPowerOfTwo(descriptorSize) && descriptorSize >= 64 && descriptorSize <= 1024;
    yield ['s_desc_size', descriptorSize, !wide || descriptorFits, 'a power of two from 64 to 1024'];
    const blocks = BigInt(blocksLow) + (wide ? BigInt(blocksHigh) << 32n : 0n);
    yield ['s_blocks_count', blocks, blocks > 0n, 'at least 1'];
    yield ['s_first_data_block', firstDataBlock, BigInt(firstDataBlock) < blocks, `less than ${blocks}`];
    if ((featureRoCompat & RO_COMPAT_METADATA_CSUM) !== 0) {
      yield ['s_checksum_type', checksumType, checksumType === 1, '1'];
      const computed = crc32c(superblock.subarray(0, CHECKSUM_OFFSET));
      yield ['s_checksum', hex(checksum), checksum === computed, hex(computed)];
    }
    return { uuid: formatUuid(uuid), label: formatLabel(volumeName), size: blocks * BigInt(blockSize) };
  },
};
