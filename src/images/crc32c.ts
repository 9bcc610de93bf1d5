/** The Castagnoli polynomial 0x1EDC6F41 with its bits reversed (RFC 3720, section 12.1). */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  }
  return remainder;
});

/**
 * CRC-32C as the kernel's crc32c() computes it: without the inversion at the end that RFC 3720 asks for. Formats differ
 * in whether they store the value inverted (btrfs, xfs) or as it is (ext4, erofs), so that is left to them.
 *
 * @param seed the result for the bytes before these; all ones at the beginning
 */
export function crc32c(bytes: Uint8Array, seed = 0xffffffff): number {
  let crc = seed;
  // By index: an iterator takes five times as long until it is compiled, and the program is done before that.
  for (let at = 0; at < bytes.length; at += 1) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[at]!) & 0xff]!;
  return crc >>> 0;
}
