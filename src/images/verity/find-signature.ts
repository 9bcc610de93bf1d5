import { openReader, sectionOf } from '../byte-reader.js';
import type { Part } from '../dissection.js';
import type { Image } from '../image.js';
import { readSignatureSidecar } from './sidecars.js';
import { readSignaturePartition, type SignaturePartitionProblem } from './signature-partition.js';
import type { FileProblem } from './small-file.js';

/** A signature of a root hash. */
export interface FoundSignature {
  readonly kind: 'signature';
  /** PKCS#7 in DER. */
  readonly bytes: Buffer;
  /** What it says that it is for; `null` for a file, which says nothing. */
  readonly rootHash: Buffer | null;
  /** The number of the partition it is in, or the file. */
  readonly where: number | string;
}

export type SignatureProblem = SignaturePartitionProblem | FileProblem;

/**
 * The signature of a part's root hash: that of the signature partition, or of the file beside the image.
 *
 * @param root absolute path, free of symlinks
 * @returns `null` if there is none
 * @throws the errors of reading the image
 */
export function findSignature(
  { path, kind }: Pick<Image, 'path' | 'kind'>,
  { designator, chosen }: Part,
  root: string,
): FoundSignature | SignatureProblem | null {
  const partition = chosen?.signature ?? null;
  if (partition !== null) {
    const reader = openReader(path);
    try {
      const read = readSignaturePartition(sectionOf(reader, partition.offset, partition.size));
      if (read.kind !== 'signature') return read;
      const { signature: bytes, rootHash } = read;
      return { kind: 'signature', bytes, rootHash, where: partition.number };
    } finally {
      reader.close();
    }
  }
  if (kind !== 'raw') return null;
  const file = readSignatureSidecar(root, path, designator);
  if (file === null || file.kind !== 'file') return file;
  return { kind: 'signature', bytes: file.bytes, rootHash: null, where: file.file };
}
