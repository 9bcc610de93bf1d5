import { hasNoncharacter } from '../host/noncharacter.js';

/** What a file in a search directory is called as an image (systemd-sysext(8); behaviour: section 3). */

export type NameProblem = {
  kind:
    | 'empty'
    /** `.` and `..` */
    | 'dot'
    | 'slash'
    | 'control-character'
    | 'not-utf8'
    /** `.#NAME`: a file that is being written, and gets its name when complete */
    | 'temporary'
    | 'too-long';
};

/** NAME_MAX, in bytes: what file systems allow for one name (limits.h(0p)). */
const NAME_MAX = 255;

/**
 * Whether a name can be that of an image.
 *
 * @param name as bytes from readdir(3) if it may be invalid UTF-8; in a string that has been decoded it shows as
 *   U+FFFD, which is a valid character of a name
 * @returns `null` for a valid name
 */
export function checkImageName(name: string | Buffer): NameProblem | null {
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  const text = typeof name === 'string' ? name : name.toString('utf8');
  if (text === '') return { kind: 'empty' };
  if (text === '.' || text === '..') return { kind: 'dot' };
  if (text.includes('/')) return { kind: 'slash' };
  if (bytes.length > NAME_MAX) return { kind: 'too-long' };
  if (/[\x00-\x1f\x7f]/.test(text)) return { kind: 'control-character' };
  // A lone surrogate becomes U+FFFD in the bytes. systemd counts the noncharacters of Unicode as invalid.
  if (!bytes.equals(Buffer.from(text)) || bytes.toString('utf8') !== text) return { kind: 'not-utf8' };
  if (hasNoncharacter(text)) return { kind: 'not-utf8' };
  if (text.startsWith('.#')) return { kind: 'temporary' };
  return null;
}

/**
 * The image's name: a directory's file name without the suffix of the class; a regular file's without `.raw`, then
 * without that suffix; a block device's as it is.
 *
 * @param suffix `.sysext` or `.confext`, optional in the file name
 * @returns the name, not yet checked ({@link checkImageName}); `null` if a regular file does not end in `.raw`
 */
export function imageNameOf(
  fileName: string,
  kind: 'directory' | 'file' | 'block',
  suffix: string,
): string | null {
  switch (kind) {
    case 'directory':
      return withoutEnd(fileName, suffix);
    case 'file':
      return fileName.endsWith('.raw') ? withoutEnd(fileName.slice(0, -'.raw'.length), suffix) : null;
    case 'block':
      return fileName;
  }
}

/** A versioned directory, and what its entries must look like. */
export interface VersionedDirectoryName {
  /** The image's name, not yet checked ({@link checkImageName}); entries begin with it and `_`. */
  name: string;
  /** What entries must end with, as the directory's name says: `''`, `.raw`, `.sysext`, `.sysext.raw`. */
  suffix: string;
  /** `file` means a regular file or a block device. */
  wants: 'directory' | 'file';
}

/**
 * Takes the name of a versioned directory apart (systemd.v(7)): `foo.sysext.raw.v` holds `foo_1.sysext.raw` and so on.
 *
 * @param classSuffix `.sysext` or `.confext`, optional in the name
 * @returns `null` if the name does not end in `.v`
 */
export function parseVersionedDirectoryName(
  fileName: string,
  classSuffix: string,
): VersionedDirectoryName | null {
  if (!fileName.endsWith('.v')) return null;
  const pattern = fileName.slice(0, -'.v'.length);
  const name = withoutEnd(withoutEnd(pattern, '.raw'), classSuffix);
  return {
    name,
    suffix: pattern.slice(name.length),
    wants: pattern.endsWith('.raw') ? 'file' : 'directory',
  };
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, text.length - end.length) : text;
}
