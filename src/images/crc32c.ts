import { crcTable, updateCrc } from './crc.js';

/** The Castagnoli polynomial 0x1EDC6F41 with its bits reversed (RFC 3720, section 12.1). */
const TABLE = crcTable(0x82f63b78);

/**
 * CRC-32C as the kernel's crc32c() computes it: without the inversion at the end that RFC 3720 asks for. Formats differ
 * in whether they store the value inverted (btrfs, xfs) or as it is (ext4, erofs), so that is left to them.
 *
 * @param seed the result for the bytes before these; all ones at the beginning
 */
export function crc32c(bytes: Uint8Array, seed = 0xffffffff): number {
  return updateCrc(TABLE, bytes, seed);
}
