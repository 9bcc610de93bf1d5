import { crcTable, updateCrc } from './crc.js';

/** The polynomial 0x04C11DB7 with its bits reversed (ISO 3309, RFC 1952, section 8). */
const TABLE = crcTable(0xedb88320);

/** CRC-32 as a GPT has it (UEFI Specification 2.10, section 5.3.2), and gzip: inverted before and after. */
export function crc32(...parts: readonly Uint8Array[]): number {
  return ~parts.reduce((crc, bytes) => updateCrc(TABLE, bytes, crc), 0xffffffff) >>> 0;
}
