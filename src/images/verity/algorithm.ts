/**
 * The digests that a hash tree, or a signature of its root hash, may be made with: by the kernel's name, which is also
 * OpenSSL's, with the digest's length in bytes.
 */
const DIGEST_SIZES = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;

export type VerityAlgorithm = keyof typeof DIGEST_SIZES;

/** All of them, for a message. */
export const VERITY_ALGORITHMS = Object.keys(DIGEST_SIZES) as readonly VerityAlgorithm[];

/**
 * Exactly as the kernel's crypto API wants it: in lower case. SHA-1 is among them because a tree resists as long as nobody
 * finds a second block with the digest of a given one, which is not what SHA-1 fails at.
 */
export function isVerityAlgorithm(name: string): name is VerityAlgorithm {
  return Object.hasOwn(DIGEST_SIZES, name);
}

/** In bytes. */
export function digestSize(algorithm: VerityAlgorithm): number {
  return DIGEST_SIZES[algorithm];
}
