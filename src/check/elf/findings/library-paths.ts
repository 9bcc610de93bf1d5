import type { Finding, FindingCode } from '../../finding.js';
import type { ElfOfImage } from '../programs.js';
import type { LibrarySearch } from '../search/library-search.js';
import { type SearchDirectory, searchDirectories } from '../search/search-path.js';
import type { Surroundings } from '../surroundings.js';
import { type Case, grouped } from './group.js';

/** Where images are built, and never run. In some of them anybody may write. */
const BUILD = /^\/(home|root|tmp|var\/tmp|build|builddir|builds|workspace|github|mnt|buildroot)(\/|$)/;

/** Directories of `DT_RPATH` and `DT_RUNPATH` in which there is nothing to be found, or too much. */
export function checkLibraryPaths(
  elves: readonly ElfOfImage[],
  searchOf: (one: ElfOfImage) => LibrarySearch,
  surroundings: Surroundings,
): Finding[] {
  const cases = new Map<FindingCode, Case[]>();
  for (const one of elves) {
    if (surroundings.isExhausted) break;
    const { rpath, runpath } = one.elf.dynamic ?? {};
    const searchPath = runpath ?? rpath;
    if (searchPath == null) continue;
    const { lib } = searchOf(one);
    const { place, elf } = one;
    const tag = runpath == null ? 'RPATH' : 'RUNPATH';
    for (const directory of searchDirectories(searchPath, { seenAt: place.seenAt, lib, elf })) {
      const code = problemOf(directory, surroundings);
      if (code === null) continue;
      const known = cases.get(code) ?? [];
      known.push({ path: place.path, detail: { directory: directory.text, tag } });
      cases.set(code, known);
    }
  }
  return [...cases].flatMap(([code, all]) => grouped(code, all));
}

function problemOf({ path, isRelative }: SearchDirectory, surroundings: Surroundings): FindingCode | null {
  if (isRelative) return 'relative-library-path';
  if (path === null) return null;
  if (BUILD.test(path)) return 'library-path-of-build';
  return surroundings.isMissing(path) ? 'missing-library-path' : null;
}
