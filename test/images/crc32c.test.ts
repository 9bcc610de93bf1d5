import { crc32c } from '../../src/images/crc32c.js';

/** RFC 3720, appendix B.4, and the check value of the usual catalogue; all are inverted at the end. */
test.each([
  ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 incrementing bytes', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
  ['32 decrementing bytes', Buffer.from(Array.from({ length: 32 }, (_, at) => 31 - at)), 0x113fdb5c],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
  ['nothing', Buffer.alloc(0), 0],
])('the checksum of %s', (_, bytes, expected) => {
  expect(~crc32c(bytes) >>> 0).toBe(expected);
});

test('a checksum goes on where the one before ended', () => {
  const bytes = Buffer.from('123456789');
  expect(crc32c(bytes.subarray(4), crc32c(bytes.subarray(0, 4)))).toBe(crc32c(bytes));
});
