import { secondaryArchitecture } from '../host/architecture.js';
import type { VersionedDirectoryName } from './image-name.js';
import { compareVersions } from './version-order.js';
import {
  type DirectoryFile,
  type EntryRejection,
  parseEntry,
  type VersionedEntry,
} from './versioned-entry.js';

export type { DirectoryFile, EntryRejection, VersionedEntry } from './versioned-entry.js';

/** Why one entry is better than another, in the order in which the rules are asked. */
export type Rule =
  | 'tries-left'
  | 'version'
  | 'native-architecture'
  | 'secondary-architecture'
  | 'more-tries-left'
  | 'fewer-tries-done'
  | 'file-name';

export interface Pick {
  /** `null`: no file in the directory is usable; the directory counts as missing and hides nothing. */
  winner: VersionedEntry | null;
  /** The other usable entries, best first, each with the rule by which the winner beats it. */
  losers: { entry: VersionedEntry; rule: Rule }[];
  rejected: EntryRejection[];
}

/** No counter: as if there were more tries left, and more done, than any counter can say. */
const UNCOUNTED = 0xffffffff;

/**
 * Picks the entry of a versioned directory (systemd.v(7)). Pure: the caller lists the directory.
 *
 * @param directory what the directory's name says about its entries, see parseVersionedDirectoryName()
 * @param architecture the machine's, an identifier of `ConditionArchitecture=`
 */
export function pickVersion(
  files: readonly DirectoryFile[],
  directory: VersionedDirectoryName,
  architecture: string,
): Pick {
  const parsed = files.map((file) => parseEntry(file, directory, architecture));
  const rejected = parsed.filter((entry) => entry.kind === 'rejected');
  const entries = parsed
    .filter((entry) => entry.kind === 'entry')
    .sort((a, b) => compareEntries(b, a, architecture).order);
  const [winner, ...others] = entries;
  if (winner === undefined) return { winner: null, losers: [], rejected };
  const losers = others.map((entry) => ({ entry, rule: compareEntries(winner, entry, architecture).rule }));
  return { winner, losers, rejected };
}

/** @returns positive if `a` is the better one, and the first rule that tells them apart */
function compareEntries(
  a: VersionedEntry,
  b: VersionedEntry,
  architecture: string,
): { order: number; rule: Rule } {
  const [left, right] = [a.triesLeft ?? UNCOUNTED, b.triesLeft ?? UNCOUNTED];
  const rules: [Rule, number][] = [
    // An entry that used up its tries is the last resort, whatever its version.
    ['tries-left', Math.sign(left) - Math.sign(right)],
    ['version', compareVersions(a.version, b.version)],
    ['native-architecture', compareArchitecture(a, b, architecture)],
    ['secondary-architecture', compareArchitecture(a, b, secondaryArchitecture(architecture))],
    ['more-tries-left', left - right],
    ['fewer-tries-done', (b.triesDone ?? UNCOUNTED) - (a.triesDone ?? UNCOUNTED)],
    ['file-name', Buffer.compare(Buffer.from(a.file), Buffer.from(b.file))],
  ];
  const [rule, order] = rules.find(([, result]) => result !== 0) ?? ['file-name', 0];
  return { order, rule };
}

function compareArchitecture(a: VersionedEntry, b: VersionedEntry, preferred: string | null): number {
  if (preferred === null) return 0;
  return Number(a.architecture === preferred) - Number(b.architecture === preferred);
}
