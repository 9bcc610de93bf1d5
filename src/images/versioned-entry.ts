import { ARCHITECTURES, secondaryArchitecture } from '../host/architecture.js';
import type { VersionedDirectoryName } from './image-name.js';

/** A file of a versioned directory, with what it is once symlinks are followed; a dangling symlink is `other`. */
export interface DirectoryFile {
  file: string;
  type: 'directory' | 'file' | 'block' | 'other';
}

/** An entry that can be picked. */
export interface VersionedEntry {
  kind: 'entry';
  file: string;
  version: string;
  /** `null`: none in the name, good for any. */
  architecture: string | null;
  /** Boot counting (systemd.v(7), `+LEFT-DONE`); both `null` if the name has no counter. */
  triesLeft: number | null;
  triesDone: number | null;
}

/** A file that cannot be picked. */
export type EntryRejection = { kind: 'rejected'; file: string } & (
  | { reason: 'name'; wanted: string }
  | { reason: 'suffix'; wanted: string }
  | { reason: 'architecture'; wanted: string[]; found: string }
  | { reason: 'version'; found: string }
  | { reason: 'type'; wanted: 'directory' | 'file'; found: DirectoryFile['type'] }
);

/** UINT_MAX: larger counters are none. */
const COUNTER_MAX = 0xffffffff;

/**
 * Reads `NAME_VERSION[_ARCHITECTURE][+LEFT[-DONE]]SUFFIX` as systemd does, from the right: a counter counts only if
 * it is one, and whatever follows the last `_` is taken for an architecture and dropped even when it is none.
 *
 * @param architecture what the machine runs, an identifier of `ConditionArchitecture=`
 */
export function parseEntry(
  { file, type }: DirectoryFile,
  { name, suffix, wants }: VersionedDirectoryName,
  architecture: string,
): VersionedEntry | EntryRejection {
  const rejected = { kind: 'rejected', file } as const;
  if (!file.startsWith(`${name}_`)) return { ...rejected, reason: 'name', wanted: `${name}_` };
  const rest = file.slice(name.length + 1);
  if (!rest.endsWith(suffix)) return { ...rejected, reason: 'suffix', wanted: suffix };

  const { text, ...tries } = splitCounter(rest.slice(0, rest.length - suffix.length));
  const underscore = text.lastIndexOf('_');
  const version = underscore < 0 ? text : text.slice(0, underscore);
  const last = underscore < 0 ? '' : text.slice(underscore + 1);
  const entryArchitecture = ARCHITECTURES.has(last) ? last : null;

  const usable = [architecture, secondaryArchitecture(architecture)].filter((known) => known !== null);
  if (entryArchitecture !== null && !usable.includes(entryArchitecture))
    return { ...rejected, reason: 'architecture', wanted: usable, found: entryArchitecture };
  if (!isVersion(version)) return { ...rejected, reason: 'version', found: version };
  if (wants === 'directory' ? type !== 'directory' : type !== 'file' && type !== 'block')
    return { ...rejected, reason: 'type', wanted: wants, found: type };
  return { kind: 'entry', file, version, architecture: entryArchitecture, ...tries };
}

/** The characters of a version are those that {@link compareVersions} looks at. */
function isVersion(text: string): boolean {
  return /^[0-9A-Za-z.~^-]+$/.test(text);
}

/** `null` for both where the text ends in no counter. */
export function splitCounter(text: string): {
  text: string;
  triesLeft: number | null;
  triesDone: number | null;
} {
  const match = /^(.*)\+([0-9]+)(?:-([0-9]+))?$/s.exec(text);
  const triesLeft = parseCounter(match?.[2] ?? '');
  const triesDone = parseCounter(match?.[3] ?? '0');
  if (match === null || triesLeft === null || triesDone === null)
    return { text, triesLeft: null, triesDone: null };
  return { text: match[1] ?? '', triesLeft, triesDone };
}

/** A counter is read like strtoul(3) with base 0: a leading zero makes it octal, so `010` is 8 and `08` none. */
function parseCounter(digits: string): number | null {
  if (digits === '' || /^0.*[89]/.test(digits)) return null;
  const value = Number.parseInt(digits, digits.startsWith('0') ? 8 : 10);
  return value <= COUNTER_MAX ? value : null;
}
