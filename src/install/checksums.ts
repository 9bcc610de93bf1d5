/** The file beside others in which their checksums are, as sha256sum(1) writes it and systemd-sysupdate(8) reads it. */
export const CHECKSUMS_FILE = 'SHA256SUMS';

/** In bytes. */
export const CHECKSUMS_LIMIT = 1024 * 1024;

/**
 * The checksum of a file, from the text of such a file: `HEX  NAME`, or `HEX *NAME`.
 *
 * @returns in lower-case hexadecimal digits; `null` if it is not there
 */
export function findChecksum(text: string, name: string): string | null {
  for (const line of text.split('\n')) {
    const [, digits, file] = /^([0-9a-f]{64}) [ *](.+?)\r?$/i.exec(line) ?? [];
    if (digits !== undefined && file === name) return digits.toLowerCase();
  }
  return null;
}
