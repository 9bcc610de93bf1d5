import type { NamedRelease } from './wishes.js';

/** Whose wishes count after a change: what goes, and what comes; of what stays the new release file. */
export function combineReleases(
  leaving: readonly NamedRelease[],
  arriving: readonly NamedRelease[],
): NamedRelease[] {
  const isGone = ({ name }: NamedRelease) => arriving.every((release) => release.name !== name);
  return [...leaving.filter(isGone), ...arriving];
}
