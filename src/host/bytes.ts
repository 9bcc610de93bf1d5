/**
 * A path or name as the bytes that the kernel has, one a character (`latin1`). Names need not be UTF-8, and what Node makes
 * of such a name opens no file; so trees that come from anywhere are walked with these.
 */
export type Bytes = string;

export function bytesOf(text: string): Bytes {
  return Buffer.from(text).toString('latin1');
}

/** For Node's file functions. */
export function bufferOf(bytes: Bytes): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** The Unicode Standard, table 3-7: well-formed byte sequences; what is none of them is the group. */
const SEQUENCE =
  /[\x00-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|([\x80-\xff])/g;

/** For people: a byte that is not of UTF-8 is written as `\xNN`. */
export function textOf(bytes: Bytes): string {
  if (/^[\x00-\x7f]*$/.test(bytes)) return bytes;
  const escaped = bytes.replace(SEQUENCE, (sequence, odd: string | undefined) => {
    return odd === undefined ? sequence : `\\x${odd.charCodeAt(0).toString(16)}`;
  });
  return bufferOf(escaped).toString('utf8');
}

/** A path below a directory. */
export function joinBytes(directory: Bytes, name: Bytes): Bytes {
  if (directory === '' || name === '') return directory + name;
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}
