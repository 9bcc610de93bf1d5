import { crypto } from '../../host/crypto.js';
import type { VeritySuperblock } from './superblock.js';

/** The digest of one block with the salt, as text with one character a byte (`latin1`, which Node calls `binary` here). The block has the size agreed on. */
export type BlockDigest = (block: Buffer) => string;

/**
 * What is hashed is salt and block as one piece, in one call: with blocks of 4 KiB that is twice as fast as a Hash object
 * for each. Text comes out because it costs less than a Buffer, and compares at once.
 *
 * @param blockSize in bytes
 */
export function blockDigest(superblock: VeritySuperblock, blockSize: number): BlockDigest {
  const { algorithm, hashType, salt } = superblock;
  const piece = Buffer.alloc(salt.length + blockSize);
  // "Hash Type" in dm-verity.rst: 1 prepends the salt, 0 appends it.
  const blockAt = hashType === 0 ? 0 : salt.length;
  salt.copy(piece, hashType === 0 ? blockSize : 0);
  const digest = oneShot(algorithm);
  return (block) => {
    block.copy(piece, blockAt);
    return digest(piece);
  };
}

/** crypto.hash() is there since Node 20.12. */
function oneShot(algorithm: string): (bytes: Buffer) => string {
  const { hash, createHash } = crypto() as Partial<ReturnType<typeof crypto>> & ReturnType<typeof crypto>;
  if (hash === undefined) return (bytes) => createHash(algorithm).update(bytes).digest('binary');
  return (bytes) => hash(algorithm, bytes, 'binary');
}
