import { createHash, X509Certificate } from 'node:crypto';

/** As large as systemd-repart(8) makes it. */
const LEAST_SIZE = 16 * 1024;
const GRAIN = 4096;

/**
 * The content of a verity signature partition (Discoverable Partitions Specification, UAPI.2); readSignaturePartition() is the
 * opposite.
 *
 * @param rootHash hexadecimal digits
 * @param signature PKCS#7 in DER
 * @param certificate of the signer, in PEM or DER
 * @throws the error of X509Certificate
 */
export function writeSignaturePartition(rootHash: string, signature: Buffer, certificate: Buffer): Buffer {
  const { raw } = new X509Certificate(certificate);
  const text = JSON.stringify({
    rootHash,
    certificateFingerprint: createHash('sha256').update(raw).digest('hex'),
    signature: signature.toString('base64'),
  });
  const size = Math.max(LEAST_SIZE, Math.ceil((text.length + 1) / GRAIN) * GRAIN);
  return Buffer.concat([Buffer.from(text)], size);
}
