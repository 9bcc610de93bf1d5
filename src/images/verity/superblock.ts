import type { ByteReader } from '../byte-reader.js';
import { formatUuid, isPowerOfTwo, type Rule } from '../file-system/format.js';
import { isVerityAlgorithm, VERITY_ALGORITHMS, type VerityAlgorithm } from './algorithm.js';

/** In bytes; the tree begins at the next hash block. */
export const SUPERBLOCK_SIZE = 512;

const MAGIC = 'verity\0\0';
const ALGORITHM_SIZE = 32;
const SALT_OFFSET = 88;
const MAX_SALT_SIZE = 256;
const MIN_BLOCK_SIZE = 512;
const MAX_BLOCK_SIZE = 512 * 1024;

/** How a hash tree is laid out, and over what. Sizes in bytes. */
export interface VeritySuperblock {
  readonly kind: 'superblock';
  /** 0 is that of Chrome OS: the salt is hashed behind the block, and digests stand without gaps. */
  readonly hashType: 0 | 1;
  readonly uuid: string | null;
  readonly algorithm: VerityAlgorithm;
  readonly dataBlockSize: number;
  readonly hashBlockSize: number;
  /** At least 1. */
  readonly dataBlocks: number;
  readonly salt: Buffer;
}

/** No superblock, or one that breaks a rule of the format: the field's name is that of veritysetup's source. */
export interface SuperblockProblem {
  readonly kind: 'damaged-superblock';
  readonly field: string;
  readonly found: string;
  readonly wanted: string;
}

/**
 * Reads the superblock of a hash device: `struct verity_sb` of cryptsetup's lib/verity/verity.c, everything is
 * little-endian. The rules are those of VERITY_read_sb() there, and one more: a tree over no blocks has no root.
 *
 * Four things in it change nothing of what is read, so no rule is about them: the UUID, what follows the NUL of the
 * algorithm's name, what follows the salt, and the padding.
 *
 * @param tree the hash device, from its first byte
 * @throws only what `tree` throws
 */
export function readSuperblock(tree: ByteReader): VeritySuperblock | SuperblockProblem {
  const rules = read(tree.read(0n, SUPERBLOCK_SIZE));
  let step = rules.next();
  while (!step.done) {
    const [field, found, allowed, wanted] = step.value;
    if (!allowed) return { kind: 'damaged-superblock', field, found: String(found), wanted };
    step = rules.next();
  }
  return step.value;
}

function* read(bytes: Buffer): Generator<Rule, VeritySuperblock> {
  const magic = bytes.toString('latin1', 0, 8);
  yield ['signature', bytes.toString('hex', 0, 8), magic === MAGIC, Buffer.from(MAGIC).toString('hex')];
  yield ['size', bytes.length, bytes.length === SUPERBLOCK_SIZE, `${SUPERBLOCK_SIZE} bytes`];

  const version = bytes.readUInt32LE(8);
  const hashType = bytes.readUInt32LE(12);
  const algorithm = bytes.toString('latin1', 32, 32 + ALGORITHM_SIZE).replace(/\0.*$/s, '');
  const dataBlockSize = bytes.readUInt32LE(64);
  const hashBlockSize = bytes.readUInt32LE(68);
  const dataBlocks = bytes.readBigUInt64LE(72);
  const saltSize = bytes.readUInt16LE(80);

  yield ['version', version, version === 1, '1'];
  yield ['hash_type', hashType, hashType === 0 || hashType === 1, '0 or 1'];
  const known = isVerityAlgorithm(algorithm) ? algorithm : null;
  yield ['algorithm', algorithm, known !== null, VERITY_ALGORITHMS.join(', ')];
  yield blockSize('data_block_size', dataBlockSize);
  yield blockSize('hash_block_size', hashBlockSize);
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  yield ['data_blocks', dataBlocks, dataBlocks >= 1n && dataBlocks <= most, `1 to ${most}`];
  yield ['salt_size', saltSize, saltSize <= MAX_SALT_SIZE, `at most ${MAX_SALT_SIZE}`];

  return {
    kind: 'superblock',
    hashType: hashType === 0 ? 0 : 1,
    uuid: formatUuid(bytes.subarray(16, 32)),
    algorithm: known!,
    dataBlockSize,
    hashBlockSize,
    dataBlocks: Number(dataBlocks),
    salt: Buffer.from(bytes.subarray(SALT_OFFSET, SALT_OFFSET + saltSize)),
  };
}

/** VERITY_BLOCK_SIZE_OK() of cryptsetup's lib/verity/verity.h. The kernel wants a page at most for data (dm-verity.rst). */
function blockSize(field: string, found: number): Rule {
  const allowed = isPowerOfTwo(found) && found >= MIN_BLOCK_SIZE && found <= MAX_BLOCK_SIZE;
  return [field, found, allowed, `a power of two from ${MIN_BLOCK_SIZE} to ${MAX_BLOCK_SIZE}`];
}
