import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReader } from '../../../src/images/byte-reader.js';
import { readSignaturePartition } from '../../../src/images/verity/signature-partition.js';
import { writeSignaturePartition } from '../../../src/images/verity/signature-partition-write.js';
import { provide } from '../../support/debian.js';
import { DDI_TOOLS, makeKey } from '../../support/make-ddi.js';

const missing = provide({ openssl: DDI_TOOLS['openssl']! });
const withOpenssl = missing === null ? test : test.skip;

withOpenssl(missing ?? 'what is written is what is read', () => {
  const directory = mkdtempSync(join(tmpdir(), 'signature-'));
  try {
    const certificate = readFileSync(makeKey(directory).certificate);
    const file = join(directory, 'partition');
    for (const length of [10, 20_000]) {
      const signature = Buffer.alloc(length, 7);
      writeFileSync(file, writeSignaturePartition('ab'.repeat(32), signature, certificate));
      const reader = openReader(file);
      const read = readSignaturePartition(reader);
      reader.close();
      expect(read).toEqual({
        kind: 'signature',
        rootHash: Buffer.alloc(32, 0xab),
        signature,
        certificateFingerprint: createHash('sha256').update(new X509Certificate(certificate).raw).digest(),
      });
      expect(Number(reader.size) % 4096).toBe(0);
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
