import { type ByteReader, bufferReader, sectionOf } from '../../../src/images/byte-reader.js';
import type { TrustedCertificates } from '../../../src/images/verity/certificates.js';
import { verifyHashTree } from '../../../src/images/verity/hash-tree.js';
import { parseRootHash } from '../../../src/images/verity/root-hash.js';
import { checkSignature } from '../../../src/images/verity/signature.js';
import { readSignaturePartition } from '../../../src/images/verity/signature-partition.js';
import { imageOf } from '../../support/sparse-image.js';
import type { Field, Seed, Target } from '../target.js';

const NOBODY: TrustedCertificates = { certificates: [], problems: [] };

/** So many bytes at the end of an input are the data, what is before them the hash device. */
const DATA_SIZE = 4096;

/** By a P-256 key, with signed attributes, and the issuer `CN=ec`. */
const SIGNATURE = [
  'MIIBwQYJKoZIhvcNAQcCoIIBsjCCAa4CAQExDzANBglghkgBZQMEAgIFADALBgkqhkiG9w0BBwExggGJMIIBhQIBATAlMA0x',
  'CzAJBgNVBAMMAmVjAhQt5lTF36/I4phh0G+v6stWNswcuDANBglghkgBZQMEAgIFAKCB9DAYBgkqhkiG9w0BCQMxCwYJKoZI',
  'hvcNAQcBMBwGCSqGSIb3DQEJBTEPFw0yNjExMjMwNDE5NDNaMD8GCSqGSIb3DQEJBDEyBDDUYJOQD4wKK6UKezk32zLV8pFD',
  'SFvjm9RQl+MSyMY6xVXId+FuYpMm0duf0svjpewweQYJKoZIhvcNAQkPMWwwajALBglghkgBZQMEASowCwYJYIZIAWUDBAEW',
  'MAsGCWCGSAFlAwQBAjAKBggqhkiG9w0DBzAOBggqhkiG9w0DAgICAIAwDQYIKoZIhvcNAwICAUAwBwYFKw4DAgcwDQYIKoZI',
  'hvcNAwICASgwCgYIKoZIzj0EAwMERzBFAiEAk5d4tRUNagoVFIqAanlaw/FVU2SGC5y00KaDyKxeRTQCIEF8LfJCXC3z+6YQ',
  'NfMjMN+7ydBePfcylcB/Hq2dT9yX',
].join('');

const KiB = 1024;

/** Nothing of what is read here is larger, but for what a change has made so. */
const MOST = 64 * KiB;

const LIMIT = { reads: 4000, total: 16 * KiB * KiB };

/**
 * Hash device and data, of any root hash. The inputs are not trees of the data, so none is ever verified.
 */
export const HASH_TREE: Target = {
  name: 'hash-tree',
  limit: LIMIT,
  seeds: () => [512, 4096].map((size) => seed(`blocks of ${size}`, hashDevice(size), FIELDS)),
  run(input) {
    const bytes = bytesOf(input);
    const at = Math.max(0, bytes.length - DATA_SIZE);
    const [tree, data] = [bytes.subarray(0, at), bytes.subarray(at)].map(bufferReader);
    for (const size of [20, 28, 32, 48, 64]) {
      if (verifyHashTree(data!, tree!, Buffer.alloc(size, 1)).kind === 'verified')
        throw new Error('Verified');
    }
  },
};

/** Versions, sizes and numbers of the superblock of a hash device. */
const FIELDS: readonly Field[] = [
  [8, 4],
  [12, 4],
  [64, 4],
  [68, 4],
  [72, 8],
  [80, 2],
];

/** A verity signature partition, and the signature in it. Nobody is trusted, so nobody can have signed. */
export const SIGNATURE_PARTITION: Target = {
  name: 'signature-partition',
  limit: LIMIT,
  seeds: () => [seed('a signature', partition(SIGNATURE)), seed('a few bytes', partition('MIIB'))],
  run(input) {
    const found = readSignaturePartition(sectionOf(input, 0n, BigInt(MOST)));
    if (found.kind !== 'signature') return;
    if (parseRootHash(found.rootHash.toString('hex')).kind !== 'root-hash') throw new Error('No root hash');
    refuse(found.rootHash, found.signature);
  },
};

/** The signature alone. */
export const SIGNATURE_ALONE: Target = {
  name: 'signature',
  limit: LIMIT,
  seeds: () => [seed('a signature', Buffer.from(SIGNATURE, 'base64'))],
  run: (input) => refuse(Buffer.alloc(32, 0xcd), bytesOf(input)),
};

function seed(name: string, bytes: Buffer, fields: readonly Field[] = []): Seed {
  return { name, image: imageOf(bytes), fields };
}

function refuse(rootHash: Buffer, signature: Buffer): void {
  if (checkSignature(rootHash, signature, NOBODY).kind === 'signed') throw new Error('Signed');
}

function bytesOf(input: ByteReader): Buffer {
  return input.read(0n, MOST);
}

function hashDevice(blockSize: number): Buffer {
  const bytes = Buffer.alloc(2 * blockSize + DATA_SIZE, 0x5a).fill(0, 0, 512);
  bytes.write('verity', 0);
  bytes.writeUInt32LE(1, 8);
  bytes.writeUInt32LE(1, 12);
  bytes.write('sha256', 32);
  bytes.writeUInt32LE(512, 64);
  bytes.writeUInt32LE(blockSize, 68);
  bytes.writeBigUInt64LE(8n, 72);
  bytes.writeUInt16LE(4, 80);
  bytes.write('salt', 88);
  return bytes;
}

function partition(signature: string): Buffer {
  const certificateFingerprint = 'ab'.repeat(32);
  const text = JSON.stringify({ rootHash: 'cd'.repeat(32), certificateFingerprint, signature });
  return Buffer.concat([Buffer.from(text), Buffer.alloc(64)]);
}
