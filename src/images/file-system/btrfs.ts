import { crc32c } from '../crc32c.js';
import { type Format, formatLabel, formatUuid, hex, isPowerOfTwo } from './format.js';

const SUPERBLOCK_OFFSET = 0x10000n;
/** Little-endian 0x4D5F53665248425F, BTRFS_MAGIC of include/uapi/linux/btrfs_tree.h. */
const MAGIC = Buffer.from('_BHRfS_M', 'latin1');

/** struct btrfs_dev_item within the superblock: the device that this copy of it lies on. */
const DEV_ITEM = 0xc9;
const DEV_ITEM_SIZE = 98;

/** struct btrfs_disk_key and struct btrfs_chunk with one stripe, the least an array of system chunks holds. */
const SMALLEST_SYS_CHUNK = 97;
const SYS_CHUNK_ARRAY_SIZE = 2048;

const CSUM_TYPE_CRC32C = 0;

/**
 * struct btrfs_super_block of the kernel's include/uapi/linux/btrfs_tree.h; everything is little-endian. The rules are
 * those of btrfs_validate_super() in fs/btrfs/disk-io.c. The copies at 64 MiB and 256 GiB are not looked at: the kernel
 * does not mount by them either.
 */
export const BTRFS: Format = {
  type: 'btrfs',
  offset: SUPERBLOCK_OFFSET,
  size: 4096,

  recognize: (superblock) => superblock.subarray(0x40, 0x48).equals(MAGIC),

  *read(superblock) {
    const csum = superblock.readUInt32LE(0);
    const fsid = superblock.subarray(0x20, 0x30);
    const bytenr = superblock.readBigUInt64LE(0x30);
    const devices = superblock.readBigUInt64LE(0x88);
    const sectorSize = superblock.readUInt32LE(0x90);
    const nodeSize = superblock.readUInt32LE(0x94);
    const sysChunkArraySize = superblock.readUInt32LE(0xa0);
    const csumType = superblock.readUInt16LE(0xc4);
    const rootLevel = superblock.readUInt8(0xc6);
    const chunkRootLevel = superblock.readUInt8(0xc7);
    const logRootLevel = superblock.readUInt8(0xc8);
    const deviceBytes = superblock.readBigUInt64LE(DEV_ITEM + 8);
    const label = superblock.subarray(DEV_ITEM + DEV_ITEM_SIZE, DEV_ITEM + DEV_ITEM_SIZE + 256);

    // crc32c, xxhash64, sha256, blake2b; only the first is verified here, the kernel verifies all.
    yield ['csum_type', csumType, csumType <= 3, '0 to 3'];
    yield ['bytenr', bytenr, bytenr === SUPERBLOCK_OFFSET, String(SUPERBLOCK_OFFSET)];
    yield ['num_devices', devices, devices > 0n, 'at least 1'];
    yield [
      'sectorsize',
      sectorSize,
      isPowerOfTwo(sectorSize) && sectorSize >= 2048 && sectorSize <= 65536,
      'a power of two from 2048 to 65536',
    ];
    yield [
      'nodesize',
      nodeSize,
      isPowerOfTwo(nodeSize) && nodeSize >= sectorSize && nodeSize <= 65536,
      `a power of two from ${sectorSize} to 65536`,
    ];
    yield ['root_level', rootLevel, rootLevel < 8, 'less than 8'];
    yield ['chunk_root_level', chunkRootLevel, chunkRootLevel < 8, 'less than 8'];
    yield ['log_root_level', logRootLevel, logRootLevel < 8, 'less than 8'];
    yield [
      'sys_chunk_array_size',
      sysChunkArraySize,
      sysChunkArraySize >= SMALLEST_SYS_CHUNK && sysChunkArraySize <= SYS_CHUNK_ARRAY_SIZE,
      `${SMALLEST_SYS_CHUNK} to ${SYS_CHUNK_ARRAY_SIZE}`,
    ];
    yield ['dev_item.total_bytes', deviceBytes, deviceBytes > 0n, 'at least 1'];
    if (csumType === CSUM_TYPE_CRC32C) {
      const computed = ~crc32c(superblock.subarray(0x20)) >>> 0;
      yield ['csum', hex(csum), csum === computed, hex(computed)];
    }
    // The total of the file system counts other devices too; this device's share is what must be in this file.
    return { uuid: formatUuid(fsid), label: formatLabel(label), size: deviceBytes };
  },
};
