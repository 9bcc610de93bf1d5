import type { KeyObject } from 'node:crypto';
import { crypto } from '../../host/crypto.js';
import { MalformedError } from './asn1.js';
import type { Certificate, TrustedCertificates } from './certificates.js';
import { describeName } from './distinguished-name.js';
import type { SignatureOutcome, Unchecked } from './signature-outcome.js';
import { readSignedData, type SignedData, type SignerInfo } from './signed-data.js';

/** Digests that a signature may be made with. MD5 and SHA-1 are not among them: both can be made to collide. */
const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const RSASSA_PSS = '1.2.840.113549.1.1.10';

/**
 * Checks a signature of a root hash. What is signed is the hash in lower-case hexadecimal digits (Discoverable Partitions
 * Specification, UAPI.2). It is good if each of its signers is one of the certificates, and its signature right, which is
 * what OpenSSL's PKCS7_verify() says with PKCS7_NOINTERN and PKCS7_NOVERIFY: certificates that are in the signature do
 * not count, a certificate authority vouches for none but itself, and the time does not matter.
 *
 * Stricter than that: MD5 and SHA-1 do not count, signed attributes must keep the rules of RFC 5652, and the issuer's
 * name must be the certificate's byte for byte.
 *
 * @param signature DER, or BER; null if there is none
 */
export function checkSignature(
  rootHash: Buffer,
  signature: Buffer | null,
  trusted: TrustedCertificates,
): SignatureOutcome {
  if (signature === null) return { kind: 'unsigned' };
  const content = Buffer.from(rootHash.toString('hex'), 'latin1');
  try {
    const data = readSignedData(signature);
    const outcomes = data.signers.map((signer) => checkSigner(data, signer, content, trusted));
    const worst = WORST_FIRST.map((kind) => outcomes.find((outcome) => outcome.kind === kind));
    return worst.find((outcome) => outcome !== undefined)!;
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { kind: 'invalid', reason: { kind: 'malformed', field: error.field } };
  }
}

const WORST_FIRST = ['invalid', 'untrusted', 'unchecked', 'signed'] as const;

function checkSigner(
  data: SignedData,
  signer: SignerInfo,
  content: Buffer,
  { certificates, problems }: TrustedCertificates,
): SignatureOutcome {
  const digest = DIGESTS[signer.digestAlgorithm];
  if (digest === undefined) return unknownAlgorithm(signer.digestAlgorithm);
  if (!data.digestAlgorithms.includes(signer.digestAlgorithm)) throw new MalformedError('digestAlgorithms');
  const { signedAttributes } = signer;
  if (signedAttributes !== null) {
    if (signedAttributes.contentType !== data.contentType) throw new MalformedError('contentType');
    const computed = crypto().createHash(digest).update(content).digest();
    if (!computed.equals(signedAttributes.messageDigest))
      return { kind: 'invalid', reason: { kind: 'other-content' } };
  }
  const named = certificates.filter(
    ({ issuer, serial }) => issuer.equals(signer.issuer) && serial.equals(signer.serial),
  );
  const outcomes = named.map((certificate) =>
    checkWith(certificate, digest, signedAttributes?.encoded ?? content, signer),
  );
  const best = outcomes.find(({ kind }) => kind === 'signed') ?? outcomes[0];
  if (best !== undefined) return best;
  if (problems.length > 0) return { kind: 'unchecked', reason: { kind: 'certificates', problems } };
  return {
    kind: 'untrusted',
    issuer: describeName(signer.issuer),
    serial: signer.serial.toString('hex'),
    certificates: certificates.length,
  };
}

function checkWith(
  { file, x509, key }: Certificate,
  digest: string,
  signed: Buffer,
  signer: SignerInfo,
): SignatureOutcome {
  const problem = keyProblem(key, signer.signatureAlgorithm);
  if (problem !== null) return unknownAlgorithm(problem);
  if (!isSignedBy(key, digest, signed, signer.signature)) {
    // With signed attributes the digest of the content was right.
    const kind = signer.signedAttributes === null ? 'other-content' : 'wrong-key';
    return { kind: 'invalid', reason: kind === 'wrong-key' ? { kind, certificate: file } : { kind } };
  }
  return {
    kind: 'signed',
    certificate: file,
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: x509.subject.replaceAll('\n', ', '),
  };
}

/** The key decides how a signature is checked. PKCS7_verify() knows RSASSA-PSS only with keys that are for nothing else. */
function keyProblem(key: KeyObject, signatureAlgorithm: string): string | null {
  const type = key.asymmetricKeyType;
  if (type !== 'rsa' && type !== 'rsa-pss' && type !== 'ec') return type ?? '';
  return type === 'rsa' && signatureAlgorithm === RSASSA_PSS ? signatureAlgorithm : null;
}

function isSignedBy(key: KeyObject, digest: string, signed: Buffer, signature: Buffer): boolean {
  try {
    return crypto().verify(digest, signed, key, signature);
  } catch {
    // A key with parameters that rule this signature out.
    return false;
  }
}

function unknownAlgorithm(algorithm: string): Unchecked {
  return { kind: 'unchecked', reason: { kind: 'algorithm', algorithm } };
}
