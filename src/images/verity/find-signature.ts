import { openReader, sectionOf } from '../byte-reader.js';
import type { Partition } from '../disk/partition-table.js';
import type { Part } from '../dissection.js';
import type { VeritySource } from '../examine.js';
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
 * The signature of a part's root hash: that of the signature partition. Where the root hash is set beside the image, the
 * file with a signature beside it comes first; where it is not, that file says nothing about a disk image.
 *
 * @param root absolute path, free of symlinks
 * @returns `null` if there is none
 * @throws the errors of reading the image
 */
export function findSignature(
  { path, kind }: Pick<Image, 'path' | 'kind'>,
  { designator, chosen }: Part,
  { setBy }: VeritySource,
  root: string,
): FoundSignature | SignatureProblem | null {
  const beside = kind === 'raw' && setBy !== null ? readSignatureSidecar(root, path, designator) : null;
  if (beside !== null)
    return beside.kind === 'file'
      ? { kind: 'signature', bytes: beside.bytes, rootHash: null, where: beside.file }
      : beside;
  const partition = chosen?.signature ?? null;
  return partition === null ? null : readFrom(partition, path);
}

function readFrom(partition: Partition, path: string): FoundSignature | SignatureProblem {
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
