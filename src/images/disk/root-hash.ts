/**
 * The UUIDs by which a root hash finds its partitions (UAPI.2, "Verity"): the first 128 bits are that of the data, the last
 * 128 bits that of the hash tree. Digits are in the order of the text, whatever the order of a GUID's bytes on disk is.
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
