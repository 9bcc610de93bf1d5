import { crc32cWithout, type Format, formatLabel, formatUuid, hex, isPowerOfTwo } from './format.js';

/** Big-endian 0x58465342, XFS_SB_MAGIC. */
const MAGIC = Buffer.from('XFSB', 'latin1');

const VERSION_MASK = 0xf;
const CRC_OFFSET = 224;
const MAX_SECTOR_SIZE = 32768;
const MIN_AG_BLOCKS = 64n;

/**
 * struct xfs_dsb of the kernel's fs/xfs/libxfs/xfs_format.h; everything is big-endian but sb_crc. The rules are those of
 * xfs_validate_sb_common() in fs/xfs/libxfs/xfs_sb.c.
 */
export const XFS: Format = {
  type: 'xfs',
  offset: 0n,
  size: 512,

  recognize: (superblock) => superblock.subarray(0, 4).equals(MAGIC),

  *read(superblock, reader) {
    const blockSize = superblock.readUInt32BE(4);
    const blocks = superblock.readBigUInt64BE(8);
    const uuid = superblock.subarray(32, 48);
    const groupBlocks = superblock.readUInt32BE(84);
    const groups = superblock.readUInt32BE(88);
    const version = superblock.readUInt16BE(100) & VERSION_MASK;
    const sectorSize = superblock.readUInt16BE(102);
    const inodeSize = superblock.readUInt16BE(104);
    const name = superblock.subarray(108, 120);
    const blockLog = superblock.readUInt8(120);
    const sectorLog = superblock.readUInt8(121);
    const inodeLog = superblock.readUInt8(122);
    const inProgress = superblock.readUInt8(126);
    const crc = superblock.readUInt32LE(CRC_OFFSET);

    yield ['sb_versionnum', version, version === 4 || version === 5, '4 or 5'];
    // mkfs.xfs and xfs_copy set it until they are done.
    yield ['sb_inprogress', inProgress, inProgress === 0, '0'];
    yield within('sb_sectsize', sectorSize, 512, MAX_SECTOR_SIZE);
    yield ['sb_sectlog', sectorLog, 2 ** sectorLog === sectorSize, String(Math.log2(sectorSize))];
    yield within('sb_blocksize', blockSize, version === 5 ? 1024 : 512, 65536);
    yield ['sb_blocklog', blockLog, 2 ** blockLog === blockSize, String(Math.log2(blockSize))];
    yield within('sb_inodesize', inodeSize, 256, 2048);
    yield ['sb_inodelog', inodeLog, 2 ** inodeLog === inodeSize, String(Math.log2(inodeSize))];
    yield ['sb_agcount', groups, groups > 0, 'at least 1'];
    yield ['sb_agblocks', groupBlocks, BigInt(groupBlocks) >= MIN_AG_BLOCKS, `at least ${MIN_AG_BLOCKS}`];
    // All allocation groups are full but the last, which has at least 64 blocks.
    const fewest = BigInt(groups - 1) * BigInt(groupBlocks) + MIN_AG_BLOCKS;
    const most = BigInt(groups) * BigInt(groupBlocks);
    yield ['sb_dblocks', blocks, blocks >= fewest && blocks <= most, `${fewest} to ${most}`];

    const claims = {
      uuid: formatUuid(uuid),
      label: formatLabel(name),
      size: blocks * BigInt(blockSize),
    };
    if (version < 5) return claims;

    // The checksum covers the sector (xfs_sb_read_verify()). As much as the largest sector is read, unless 4 KiB do.
    const sector = reader.read(0n, sectorSize <= 4096 ? 4096 : MAX_SECTOR_SIZE).subarray(0, sectorSize);
    if (sector.length < sectorSize) return claims; // too short for the smallest group, too
    const computed = ~crc32cWithout(sector, CRC_OFFSET) >>> 0;
    yield ['sb_crc', hex(crc), crc === computed, hex(computed)];
    return claims;
  },
};

function within(field: string, found: number, least: number, most: number) {
  const allowed = isPowerOfTwo(found) && found >= least && found <= most;
  return [field, found, allowed, `a power of two from ${least} to ${most}`] as const;
}
