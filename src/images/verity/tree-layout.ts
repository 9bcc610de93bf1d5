import { digestSize } from './algorithm.js';
import { SUPERBLOCK_SIZE, type VeritySuperblock } from './superblock.js';

/** One level of a hash tree. Blocks of the hash block size, counted from the start of the hash device. */
export interface Level {
  readonly first: number;
  readonly blocks: number;
}

/** Where the digests stand, Documentation/admin-guide/device-mapper/verity.rst, "Hash Tree". */
export interface TreeLayout {
  /** Digests in a hash block: as many as fit, rounded down to a power of two. */
  readonly perBlock: number;
  /** From one digest to the next, in bytes. */
  readonly stride: number;
  /** The first has the digests of the data. The last is a single block; there is no level over a single data block. */
  readonly levels: readonly Level[];
  /** Bytes that superblock and tree take. */
  readonly size: bigint;
}

export function treeLayout(superblock: VeritySuperblock): TreeLayout {
  const { hashBlockSize, hashType, algorithm, dataBlocks } = superblock;
  const digest = digestSize(algorithm);
  const perBlock = 2 ** Math.floor(Math.log2(hashBlockSize / digest));
  const sizes: number[] = [];
  for (let blocks = dataBlocks; blocks > 1; ) {
    blocks = Math.ceil(blocks / perBlock);
    sizes.push(blocks);
  }
  // On the device the root comes first.
  const levels: Level[] = [];
  let next = Math.ceil(SUPERBLOCK_SIZE / hashBlockSize);
  for (const blocks of sizes.reverse()) {
    levels.unshift({ first: next, blocks });
    next += blocks;
  }
  return {
    perBlock,
    stride: hashType === 0 ? digest : hashBlockSize / perBlock,
    levels,
    size: levels.length === 0 ? BigInt(SUPERBLOCK_SIZE) : BigInt(next) * BigInt(hashBlockSize),
  };
}
