import { crc32cWithout, type Format, formatLabel, formatUuid, hex } from './format.js';

const SUPERBLOCK_OFFSET = 1024;
/** Little-endian 0xE0F5E1E2, EROFS_SUPER_MAGIC_V1 of include/uapi/linux/magic.h. */
const MAGIC = Buffer.from('e2e1f5e0', 'hex');

const FEATURE_COMPAT_SB_CHKSUM = 0x1;
const FEATURE_INCOMPAT_48BIT = 0x80;

/** As blkszbits: a block is at most a page of the kernel, and no page is larger than 64 KiB. */
const MAX_BLOCK_BITS = 16;

/** struct erofs_super_block of the kernel's fs/erofs/erofs_fs.h; everything is little-endian. */
export const EROFS: Format = {
  type: 'erofs',
  offset: BigInt(SUPERBLOCK_OFFSET),
  size: 128,

  recognize: (superblock) => superblock.subarray(0, 4).equals(MAGIC),

  *read(superblock, reader) {
    const checksum = superblock.readUInt32LE(4);
    const featureCompat = superblock.readUInt32LE(8);
    const blockBits = superblock.readUInt8(12);
    const blocksHigh = superblock.readUInt16LE(14); // the number of the root inode, unless 48BIT with rootnid_8b
    const blocksLow = superblock.readUInt32LE(36);
    const uuid = superblock.subarray(48, 64);
    const volumeName = superblock.subarray(64, 80);
    const featureIncompat = superblock.readUInt32LE(80);
    const directoryBlockBits = superblock.readUInt8(90);
    const rootNid = superblock.readBigUInt64LE(112); // rootnid_8b

    yield ['blkszbits', blockBits, blockBits >= 9 && blockBits <= MAX_BLOCK_BITS, `9 to ${MAX_BLOCK_BITS}`];
    // erofs_read_superblock() in fs/erofs/super.c refuses any other.
    yield ['dirblkbits', directoryBlockBits, directoryBlockBits === 0, '0'];

    const wide = (featureIncompat & FEATURE_INCOMPAT_48BIT) !== 0 && rootNid !== 0n;
    const blocks = BigInt(blocksLow) + (wide ? BigInt(blocksHigh) << 32n : 0n);
    const claims = {
      uuid: formatUuid(uuid),
      label: formatLabel(volumeName),
      size: blocks === 0n ? null : blocks << BigInt(blockBits),
    };
    if ((featureCompat & FEATURE_COMPAT_SB_CHKSUM) === 0) return claims;

    // The checksum covers the rest of the block that holds the superblock, or a whole one if blocks are so small that
    // they begin with it (erofs_superblock_csum_verify() in fs/erofs/super.c). That much of the largest block is read.
    const blockSize = 2 ** blockBits;
    const covered = blockSize > SUPERBLOCK_OFFSET ? blockSize - SUPERBLOCK_OFFSET : blockSize;
    const most = covered <= 3072 ? 3072 : 2 ** MAX_BLOCK_BITS - SUPERBLOCK_OFFSET;
    const block = reader.read(BigInt(SUPERBLOCK_OFFSET), most).subarray(0, covered);
    if (block.length < covered)
      return { ...claims, size: claims.size ?? BigInt(SUPERBLOCK_OFFSET + covered) };
    const computed = crc32cWithout(block, 4);
    yield ['checksum', hex(checksum), checksum === computed, hex(computed)];
    return claims;
  },
};
