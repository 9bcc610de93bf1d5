import type { ByteReader } from '../byte-reader.js';
import { digestSize, type VerityAlgorithm } from './algorithm.js';
import { type BlockDigest, blockDigest } from './block-digest.js';
import { readSuperblock, type SuperblockProblem, type VeritySuperblock } from './superblock.js';
import { type TreeLayout, treeLayout } from './tree-layout.js';

/** Data is read in pieces of this size, in bytes: a multiple of every block size. */
const CHUNK = 1024 * 1024;

export interface Verified {
  readonly kind: 'verified';
  /** How many bytes from the beginning the tree vouches for. What is behind them is anybody's: it must not be mounted. */
  readonly bytes: bigint;
  /** The same in data blocks. */
  readonly blocks: number;
}

export interface Mismatch {
  readonly kind: 'mismatch';
  /**
   * Whose digest is not the one above it; `root-hash` if that is the root hash itself. `spare-area`: a hash block has more
   * in it than digests, which is what is to be seen of a number of data blocks that was made smaller.
   */
  readonly where: 'root-hash' | 'tree' | 'data' | 'spare-area';
  /** Level of the block in the tree: 0 has the digests of the data. For data 0, too. */
  readonly level: number;
  /** The block's number within its level, or within the data. */
  readonly block: number;
}

/** Data or tree end before they should; sizes in bytes. */
export interface TooShort {
  readonly kind: 'too-short';
  readonly which: 'data' | 'tree';
  readonly size: bigint;
  readonly available: bigint;
}

/** A root hash that no digest of the tree's algorithm can be; sizes in bytes. */
export interface RootHashSize {
  readonly kind: 'root-hash-size';
  readonly algorithm: VerityAlgorithm;
  readonly found: number;
  readonly wanted: number;
}

export type HashTreeVerdict = Verified | Mismatch | TooShort | RootHashSize | SuperblockProblem;

/**
 * Checks all data against its hash tree, and the tree against the root hash, as dm-verity does it block by block when the
 * data is read (Documentation/admin-guide/device-mapper/verity.rst) and `veritysetup verify` does it at once.
 *
 * The way is from the root to the data. A block is read once, and believed only when its digest was compared, so that
 * nothing can be changed between two looks, and a wrong root hash costs one block. Of the tree one block a level is kept.
 *
 * @param data the file system; it may go on behind the last block
 * @param tree the hash device, beginning with the superblock
 * @param rootHash as bytes
 * @throws only what `data` and `tree` throw
 */
export function verifyHashTree(data: ByteReader, tree: ByteReader, rootHash: Buffer): HashTreeVerdict {
  const superblock = readSuperblock(tree);
  if (superblock.kind !== 'superblock') return superblock;
  const { algorithm, dataBlocks, dataBlockSize } = superblock;
  const wanted = digestSize(algorithm);
  if (rootHash.length !== wanted)
    return { kind: 'root-hash-size', algorithm, found: rootHash.length, wanted };
  const layout = treeLayout(superblock);
  if (layout.size > tree.size)
    return { kind: 'too-short', which: 'tree', size: layout.size, available: tree.size };
  const bytes = BigInt(dataBlocks) * BigInt(dataBlockSize);
  if (bytes > data.size) return { kind: 'too-short', which: 'data', size: bytes, available: data.size };

  const digests = new Digests(tree, superblock, layout, rootHash);
  return compareData(data, superblock, digests) ?? { kind: 'verified', bytes, blocks: dataBlocks };
}

function compareData(data: ByteReader, superblock: VeritySuperblock, digests: Digests): Mismatch | null {
  const { dataBlocks, dataBlockSize } = superblock;
  const digest = blockDigest(superblock, dataBlockSize);
  const perChunk = CHUNK / dataBlockSize;
  for (let first = 0; first < dataBlocks; first += perChunk) {
    const count = Math.min(perChunk, dataBlocks - first);
    const chunk = data.read(BigInt(first) * BigInt(dataBlockSize), count * dataBlockSize);
    for (let i = 0; i < count; i++) {
      const block = chunk.subarray(i * dataBlockSize, (i + 1) * dataBlockSize);
      const bad = digests.load(first + i);
      if (bad !== null) return bad;
      // A file that has become shorter meanwhile gives less than a block.
      if (block.length !== dataBlockSize || !digests.matches(digest(block), -1, first + i)) {
        return {
          kind: 'mismatch',
          where: digests.isRoot(-1) ? 'root-hash' : 'data',
          level: 0,
          block: first + i,
        };
      }
    }
  }
  return null;
}

/** The hash blocks between the root and one data block, all of them compared with the one above. Data is level -1. */
class Digests {
  private readonly digest: BlockDigest;
  private readonly root: string;
  /** By level: which block is at hand, and its bytes as `latin1` text. */
  private readonly held: { index: number; text: string }[];

  constructor(
    private readonly tree: ByteReader,
    private readonly superblock: VeritySuperblock,
    private readonly layout: TreeLayout,
    rootHash: Buffer,
  ) {
    this.digest = blockDigest(superblock, superblock.hashBlockSize);
    this.root = rootHash.toString('latin1');
    this.held = layout.levels.map(() => ({ index: -1, text: '' }));
  }

  /** Gets the hash blocks that lead to a data block, from the root on. */
  load(dataBlock: number): Mismatch | null {
    const { levels, perBlock } = this.layout;
    if (levels.length === 0 || this.held[0]!.index === Math.floor(dataBlock / perBlock)) return null;
    for (let level = levels.length - 1; level >= 0; level--) {
      const block = Math.floor(dataBlock / perBlock ** (level + 1));
      if (this.held[level]!.index === block) continue;
      const bytes = this.readBlock(levels[level]!.first + block);
      if (bytes === null || !this.matches(this.digest(bytes), level, block)) {
        return { kind: 'mismatch', where: this.isRoot(level) ? 'root-hash' : 'tree', level, block };
      }
      if (!this.isRestZero(bytes, level, block))
        return { kind: 'mismatch', where: 'spare-area', level, block };
      this.held[level] = { index: block, text: bytes.toString('latin1') };
    }
    return null;
  }

  /** Whether the root hash is what blocks of this level are compared with. */
  isRoot(level: number): boolean {
    return level === this.layout.levels.length - 1;
  }

  /** Whether this is the digest of a block, by the block above it, which is at hand. */
  matches(digest: string, level: number, block: number): boolean {
    if (this.isRoot(level)) return digest === this.root;
    const at = (block % this.layout.perBlock) * this.layout.stride;
    return this.held[level + 1]!.text.startsWith(digest, at);
  }

  /**
   * The root hash covers all of the tree, but not the number of data blocks: with a smaller one, the digests of the blocks
   * left out would be left over. So what is no digest has to be zero, which `veritysetup verify` wants too.
   */
  private isRestZero(bytes: Buffer, level: number, block: number): boolean {
    const { levels, perBlock, stride } = this.layout;
    const below = level === 0 ? this.superblock.dataBlocks : levels[level - 1]!.blocks;
    const count = Math.min(perBlock, below - block * perBlock);
    const size = digestSize(this.superblock.algorithm);
    const isZero = (from: number, to: number) => bytes.subarray(from, to).every((byte) => byte === 0);
    if (!isZero(count * stride, bytes.length)) return false;
    for (let i = 0; stride > size && i < count; i++) {
      if (!isZero(i * stride + size, (i + 1) * stride)) return false;
    }
    return true;
  }

  private readBlock(block: number): Buffer | null {
    const { hashBlockSize } = this.superblock;
    const bytes = this.tree.read(BigInt(block) * BigInt(hashBlockSize), hashBlockSize);
    return bytes.length === hashBlockSize ? bytes : null;
  }
}
