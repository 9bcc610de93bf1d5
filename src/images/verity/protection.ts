import type { ByteReader } from '../byte-reader.js';
import type { TrustedCertificates } from './certificates.js';
import { type HashTreeVerdict, verifyHashTree } from './hash-tree.js';
import { checkSignature, type SignatureOutcome } from './signature.js';

/** What a file system with a hash tree comes with. */
export interface ProtectedData {
  readonly data: ByteReader;
  readonly tree: ByteReader;
  readonly rootHash: Buffer;
  /** PKCS#7 in DER; null if there is none. */
  readonly signature: Buffer | null;
}

/** Which protection the data really has. A signature says something only if `verity` says `verified`. */
export interface Protection {
  readonly verity: HashTreeVerdict;
  readonly signature: SignatureOutcome;
}

/**
 * Checks data without the kernel's help: all of it, so this takes as long as reading it. It holds as long as nobody can
 * write to the data: what is mounted has to be the open file that was read.
 *
 * @param trusted from readCertificates(), or null if signatures are not to be checked here
 * @throws only what the readers throw
 */
export function checkProtection(
  { data, tree, rootHash, signature }: ProtectedData,
  trusted: TrustedCertificates | null,
): Protection {
  return {
    verity: verifyHashTree(data, tree, rootHash),
    signature: signatureOutcome(rootHash, signature, trusted),
  };
}

function signatureOutcome(
  rootHash: Buffer,
  signature: Buffer | null,
  trusted: TrustedCertificates | null,
): SignatureOutcome {
  if (signature !== null && trusted === null) return { kind: 'unchecked', reason: { kind: 'switched-off' } };
  return checkSignature(rootHash, signature, trusted ?? { certificates: [], problems: [] });
}
