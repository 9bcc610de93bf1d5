import type { VersionedDirectoryName } from '../images/image-name.js';
import { compareVersions } from '../images/version-order.js';
import type { Pick, VersionedEntry } from '../images/versioned-directory.js';

/** One entry of a versioned directory gets another counter, and so another name. */
export interface Renaming {
  readonly from: string;
  readonly to: string;
}

export type Rollback =
  | { readonly kind: 'renamings'; readonly version: string; readonly renamings: readonly Renaming[] }
  /** Nothing has to be renamed: it is picked already. */
  | { readonly kind: 'picked'; readonly version: string }
  | { readonly kind: 'no-such-version'; readonly version: string; readonly versions: readonly string[] }
  /** There is no older one with tries left. */
  | { readonly kind: 'none-older'; readonly version: string };

/**
 * How an older version becomes the picked one, so that systemd picks it too: those that are newer get a counter that says that
 * they have no tries left, as systemd-bless-boot(8) marks what does not work. Such an entry is the last resort
 * (systemd.v(7)). What is installed later has no such counter, so it is picked as always.
 *
 * The newest is renamed first: after each renaming something is picked that is not newer than before.
 *
 * @param wanted a version; `null` for the next older one
 */
export function planRollback(
  { winner, losers }: Pick,
  directory: VersionedDirectoryName,
  wanted: string | null,
): Rollback {
  const entries = [...(winner === null ? [] : [winner]), ...losers.map(({ entry }) => entry)];
  const target = wanted === null ? nextOlder(entries) : entries.find(({ version }) => version === wanted);
  if (target === undefined) {
    const versions = [...new Set(entries.map(({ version }) => version))];
    return wanted === null
      ? { kind: 'none-older', version: winner?.version ?? '' }
      : { kind: 'no-such-version', version: wanted, versions };
  }
  const { version } = target;
  if (winner?.version === version && hasTries(winner)) return { kind: 'picked', version };
  const newer = entries.filter((entry) => compareVersions(entry.version, version) > 0 && hasTries(entry));
  const renamings = newer
    .toSorted((a, b) => compareVersions(b.version, a.version))
    .map((entry) => ({ from: entry.file, to: withCounter(entry, directory, spent(entry)) }));
  const renewed = hasTries(target) ? [] : [{ from: target.file, to: withCounter(target, directory, '') }];
  return { kind: 'renamings', version, renamings: [...renamings, ...renewed] };
}

/** As systemd writes it: what was not tried at all is left out. */
const spent = ({ triesDone }: VersionedEntry): string => (triesDone ? `+0-${triesDone}` : '+0');

const hasTries = ({ triesLeft }: VersionedEntry): boolean => triesLeft !== 0;

/** The best of those that are older than the picked one. */
function nextOlder([winner, ...others]: readonly VersionedEntry[]): VersionedEntry | undefined {
  return others.find((entry) => hasTries(entry) && compareVersions(entry.version, winner!.version) < 0);
}

function withCounter({ file }: VersionedEntry, { suffix }: VersionedDirectoryName, counter: string): string {
  const stem = file.slice(0, file.length - suffix.length).replace(/\+\d+(-\d+)?$/, '');
  return `${stem}${counter}${suffix}`;
}
