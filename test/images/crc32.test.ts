import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { crc32 } from '../../src/images/crc32.js';

test('the check value of the usual catalogue', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

test('what gzip writes, in parts of any size', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, at) => {
      const written = gzipSync(bytes).readUInt32LE(gzipSync(bytes).length - 8);
      expect(crc32(bytes.subarray(0, at), bytes.subarray(at))).toBe(written);
    }),
  );
});
