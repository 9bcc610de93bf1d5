/** Where the bytes of each group of digits stand: the first three are numbers, little-endian, the others bytes in order. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

const TEXT = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

/**
 * The 16 bytes of an EFI_GUID at `offset` (UEFI Specification 2.10, appendix A) as text in lower case.
 *
 * @throws RangeError if there are fewer bytes
 */
export function readGuid(bytes: Buffer, offset = 0): string {
  const group = (from: number, to: number) => bytes.toString('hex', offset + from, offset + to);
  const a = bytes.readUInt32LE(offset).toString(16).padStart(8, '0');
  const b = bytes
    .readUInt16LE(offset + 4)
    .toString(16)
    .padStart(4, '0');
  const c = bytes
    .readUInt16LE(offset + 6)
    .toString(16)
    .padStart(4, '0');
  if (bytes.length < offset + 16) throw new RangeError(`No GUID at ${offset} of ${bytes.length} bytes`);
  return `${a}-${b}-${c}-${group(8, 10)}-${group(10, 16)}`;
}

/**
 * The bytes of a GUID, the opposite of {@link readGuid}.
 *
 * @param text in upper or lower case
 * @throws SyntaxError if it is not written as a GUID
 */
export function guidBytes(text: string): Buffer {
  if (!TEXT.test(text)) throw new SyntaxError(`'${text}' is no GUID`);
  const digits = Buffer.from(text.replaceAll('-', ''), 'hex');
  return Buffer.from(ORDER.map((at) => digits[at]!));
}
