/** In bytes: the least that systemd takes, the size of an MD5 digest. */
const MIN_SIZE = 16;

/** In hexadecimal digits: twice what the longest digest takes. */
const MAX_DIGITS = 256;

/** Text that is no root hash; `text` is cut off. */
export interface RootHashProblem {
  readonly kind: 'malformed-root-hash';
  readonly problem: 'empty' | 'no-hexadecimal-digits' | 'odd-number-of-digits' | 'too-short' | 'too-long';
  readonly text: string;
}

export interface RootHash {
  readonly kind: 'root-hash';
  readonly hash: Buffer;
}

/**
 * Reads a root hash from text, of a `.roothash` file or an extended attribute: hexadecimal digits in any case, at least
 * 128 bit. As for systemd, only the first line counts, it may end without a newline, and white space in it says nothing.
 */
export function parseRootHash(content: string): RootHash | RootHashProblem {
  const bad = (problem: RootHashProblem['problem']): RootHashProblem => ({
    kind: 'malformed-root-hash',
    problem,
    text: content.slice(0, 80),
  });
  // Some tools store the NUL byte that ends a C string in an extended attribute.
  const digits = content.split(/[\n\r\0]/, 1)[0]!.replace(/[ \t]/g, '');
  if (digits === '') return bad('empty');
  if (digits.length > MAX_DIGITS) return bad('too-long');
  if (!/^[0-9a-fA-F]*$/.test(digits)) return bad('no-hexadecimal-digits');
  if (digits.length % 2 !== 0) return bad('odd-number-of-digits');
  if (digits.length < 2 * MIN_SIZE) return bad('too-short');
  return { kind: 'root-hash', hash: Buffer.from(digits, 'hex') };
}

/**
 * The root hash that the partition table has: its first half is the UUID of the data partition, the second that of the
 * verity partition (Discoverable Partitions Specification, UAPI.2). So it is one of 256 bit, always.
 *
 * @param data, verity the partitions' UUIDs, 36 characters as RFC 9562, section 4 has them
 * @returns null if one of them is no UUID
 */
export function rootHashFromUuids(data: string, verity: string): Buffer | null {
  const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  if (!isUuid(data) || !isUuid(verity)) return null;
  return Buffer.from(`${data}${verity}`.replaceAll('-', ''), 'hex');
}

/**
 * The UUIDs by which a root hash finds its partitions, the other way round (UAPI.2). Digits are in the order of the text,
 * whatever the order of a GUID's bytes on disk is.
 *
 * @param hash hexadecimal digits; fewer than 64 give UUIDs that overlap, fewer than 32 none that any partition has
 */
export function uuidsOfRootHash(hash: string): { readonly data: string; readonly verity: string } {
  const digits = hash.toLowerCase();
  return { data: hyphenate(digits.slice(0, 32)), verity: hyphenate(digits.slice(-32)) };
}

function hyphenate(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
