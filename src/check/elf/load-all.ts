import { type ElfOfImage, isProgram } from './programs.js';

import { load, type MissingVersion, type Need } from './search/load.js';
import type { Loaded } from './search/loaded.js';
import type { Searches } from './search/searches.js';
import type { Surroundings } from './surroundings.js';

/** What all programs of an image need, and all libraries that none of them loads. */
export interface Loads {
  /** Of programs and libraries of the image. */
  readonly needs: readonly StartedNeed[];
  readonly missingVersions: readonly MissingVersion[];
}

export interface StartedNeed extends Need {
  /** A program wants it, so that it does not start without; else a library that something loads at some time. */
  readonly isForProgram: boolean;
}

/**
 * Loads everything in an image that has libraries, as its loader would. Each need is told once, however many programs have it.
 * A program without its loader needs nothing else.
 */
export function loadAll(elves: readonly ElfOfImage[], searches: Searches, surroundings: Surroundings): Loads {
  const needs = new Map<string, StartedNeed>();
  const missingVersions = new Map<string, MissingVersion>();
  const reached = new Set<string>();
  const start = ({ place, elf }: ElfOfImage, isForProgram: boolean) => {
    const first: Loaded = { place, elf, loader: null };
    const plan = load(first, searches.of(elf), surroundings);
    for (const need of plan.needs) {
      const { found, needer, library } = need;
      reached.add(needer.place.file);
      if (typeof found !== 'string') reached.add(found.place.file);
      // Whatever the host's own programs lack is not the fault of the image.
      if (needer.place.from === 'host') continue;
      const key = `${needer.place.file}\0${library}\0${isUsable(need)}`;
      if (!needs.has(key)) needs.set(key, { ...need, isForProgram });
    }
    for (const missing of plan.missingVersions)
      missingVersions.set(
        `${missing.needer.place.file}\0${missing.provider.place.file}\0${missing.version}`,
        missing,
      );
  };
  const linked = elves.filter(({ elf }) => elf.dynamic !== null);
  for (const one of linked) if (isProgram(one.elf) && !searches.hasNoLoader(one.elf)) start(one, true);
  for (const one of linked) if (!isProgram(one.elf) && !reached.has(one.place.file)) start(one, false);
  return { needs: [...needs.values()], missingVersions: [...missingVersions.values()] };
}

/** The same library can be found for one program, and not for another that lacks its search path. */
function isUsable({ found }: Need): string {
  if (typeof found === 'string') return found;
  return found.needsCache ? 'after-ldconfig' : 'found';
}
