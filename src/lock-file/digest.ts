import { crypto } from '../host/crypto.js';
import type { ByteReader } from '../images/byte-reader.js';
import type { ImageRecord } from '../overlay/origin.js';
import type { Digest } from './lock.js';
import { treeDigest } from './tree-digest.js';

/**
 * The root hash by which all of an image is checked; `null` if there is none. With two partitions the record has that of only
 * one.
 */
export function verityDigest({ protection, rootHash, partitions }: ImageRecord): Digest | null {
  const isChecked = protection === 'verity' || protection === 'signed';
  return isChecked && rootHash !== null && partitions.length < 2 ? `verity:${rootHash}` : null;
}

const PIECE = 1024 * 1024;

/** The whole file. @throws the error of pread(2) */
export function fileDigest(reader: ByteReader): Digest {
  const hash = crypto().createHash('sha256');
  for (let offset = 0n; offset < reader.size; ) {
    const piece = reader.read(offset, PIECE);
    // It has become shorter; who holds it sees that it has changed.
    if (piece.length === 0) break;
    hash.update(piece);
    offset += BigInt(piece.length);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** @throws what treeDigest() throws */
export function directoryDigest(path: string): Digest {
  return `tree-1:${treeDigest(path)}`;
}
