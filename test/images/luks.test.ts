import { bufferReader } from '../../src/images/byte-reader.js';
import { hasIntegrity } from '../../src/images/luks.js';

/** A LUKS2 header with this JSON area. */
function volume(json: string, { version = 2, size = 16384n } = {}): Buffer {
  const header = Buffer.alloc(16384);
  header.write('LUKS\xba\xbe', 'latin1');
  header.writeUInt16BE(version, 6);
  header.writeBigUInt64BE(size, 8);
  header.write(json, 4096);
  return header;
}

const PLAIN = '{"segments":{"0":{"type":"crypt","encryption":"aes-xts-plain64"}}}';
const WITH = '{"segments":{"0":{"type":"crypt","integrity":{"type":"hmac(sha256)"}}}}';

test.each<[string, Buffer, boolean]>([
  ['a volume without integrity', volume(PLAIN), false],
  ['one with it', volume(WITH), true],
  ['LUKS1 has none', volume(WITH, { version: 1 }), false],
  ['a header that says to be no larger than its first part', volume(WITH, { size: 4096n }), false],
  ['one that says to be enormous', volume(WITH, { size: 1n << 62n }), false],
  ['JSON that is cut off', volume(WITH.slice(0, 40)), false],
  ['JSON of another shape', volume('[1]'), false],
  ['segments of another shape', volume('{"segments":{"0":null}}'), false],
  ['a volume that ends early', volume(WITH).subarray(0, 10), false],
])('%s', (_, bytes, wanted) => {
  expect(hasIntegrity(bufferReader(bytes))).toBe(wanted);
});
