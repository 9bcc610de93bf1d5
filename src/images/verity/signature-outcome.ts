import type { CertificateProblem } from './certificates.js';

/** What a signature is worth. */
export type SignatureOutcome =
  | Signed
  | { readonly kind: 'unsigned' }
  | InvalidSignature
  | Untrusted
  | Unchecked;

export interface Signed {
  readonly kind: 'signed';
  /** File of the certificate; of several signers the first. */
  readonly certificate: string;
  /** SHA-256 of the certificate in DER, hexadecimal. */
  readonly fingerprint: string;
  readonly subject: string;
}

/** Nobody who is trusted has signed this root hash with it. */
export interface InvalidSignature {
  readonly kind: 'invalid';
  readonly reason: /** No PKCS#7; `field` is the name of what is wrong in RFC 5652, or of a signature partition, or the file. */
    | { readonly kind: 'malformed'; readonly field: string }
    /** It was made for something else than this root hash. */
    | { readonly kind: 'other-content' }
    /** It was not made with the key of the certificate that it names. */
    | { readonly kind: 'wrong-key'; readonly certificate: string };
}

/** It may be good, but nobody vouches for a signer. */
export interface Untrusted {
  readonly kind: 'untrusted';
  /** Issuer of the signer's certificate, and its number in hexadecimal. */
  readonly issuer: string;
  readonly serial: string;
  /** How many certificates there are; that of the signer is not among them. */
  readonly certificates: number;
}

export interface Unchecked {
  readonly kind: 'unchecked';
  readonly reason: /** By the environment or the kernel command line. */
    | { readonly kind: 'switched-off' }
    /** Object identifier of a digest or kind of signature that is not checked, or the name of a kind of key. */
    | { readonly kind: 'algorithm'; readonly algorithm: string }
    /** No certificate fits, and the one that does may be in what cannot be read. */
    | { readonly kind: 'certificates'; readonly problems: readonly CertificateProblem[] };
}
