import type { ElfFile, NeededVersion } from '../format/elf-file.js';
import type { Place, Surroundings } from '../surroundings.js';
import type { Found, LibrarySearch } from './library-search.js';
import type { Loaded } from './loaded.js';

/** A library that something needs, and where the loader finds it. */
export interface Need {
  readonly library: string;
  readonly needer: Loaded;
  readonly found: Found;
}

/** A version of symbols that something needs and the library does not have. */
export interface MissingVersion {
  readonly version: string;
  readonly library: string;
  readonly needer: Loaded;
  readonly provider: Loaded;
}

/** All that a loader would load for a program, and what it would not find. */
export interface LoadPlan {
  readonly needs: readonly Need[];
  readonly missingVersions: readonly MissingVersion[];
}

/** What was found by a name, and is perhaps not readable: then nobody knows what is in it. */
type Known = Loaded | 'not-read';

/**
 * Loads a program as ld.so(8) does, without its code: breadth first, a library once, under whatever name it is asked for.
 *
 * @param start the program, or a library that some program loads by itself
 */
export function load(start: Loaded, search: LibrarySearch, surroundings: Surroundings): LoadPlan {
  const needs: Need[] = [];
  const byName = new Map<string, Known>();
  const byFile = new Map<string, Known>([[start.place.file, start]]);
  const queue: Loaded[] = [start];
  // The queue grows while it is walked.
  for (const needer of queue) {
    for (const library of needer.elf.dynamic?.needed ?? []) {
      surroundings.spend(1);
      if (surroundings.isExhausted) break;
      const loaded = byName.get(library);
      if (loaded !== undefined) {
        if (loaded !== 'not-read')
          needs.push({ library, needer, found: { kind: 'found', place: loaded.place, needsCache: false } });
        continue;
      }
      const found = search.find(library, needer);
      needs.push({ library, needer, found });
      if (typeof found === 'string') continue;
      const known = byFile.get(found.place.file) ?? open(found.place, needer, surroundings);
      byName.set(library, known);
      if (known === 'not-read' || byFile.has(found.place.file)) continue;
      byFile.set(found.place.file, known);
      const { soname } = known.elf.dynamic ?? {};
      if (soname != null && !byName.has(soname)) byName.set(soname, known);
      queue.push(known);
    }
  }
  return { needs, missingVersions: search.hasVersions ? missingVersions(queue, byName, surroundings) : [] };
}

function open(place: Place, loader: Loaded, surroundings: Surroundings): Known {
  const opened = surroundings.read(place);
  return opened.kind === 'elf' ? { place, elf: opened.elf, loader } : 'not-read';
}

function missingVersions(
  loaded: readonly Loaded[],
  byName: ReadonlyMap<string, Known>,
  surroundings: Surroundings,
): MissingVersion[] {
  return loaded.flatMap((needer) =>
    (needer.elf.dynamic?.versionsNeeded ?? []).flatMap(({ library, versions }) => {
      const provider = byName.get(library);
      if (provider === undefined || provider === 'not-read') return [];
      return lacking(versions, provider, surroundings).map((version) => ({
        version,
        library,
        needer,
        provider,
      }));
    }),
  );
}

/** What was found out of a list of versions, by the file that has the others. */
const LACKING = new WeakMap<readonly NeededVersion[], WeakMap<ElfFile, readonly string[]>>();

/** As the loader does when all is loaded: a library without any versions, and versions that are weak, are let pass. */
function lacking(
  versions: readonly NeededVersion[],
  { elf }: Loaded,
  surroundings: Surroundings,
): readonly string[] {
  const defined = elf.dynamic?.versionsDefined;
  if (defined == null || surroundings.isExhausted) return [];
  const byProvider = LACKING.get(versions) ?? new WeakMap<ElfFile, readonly string[]>();
  LACKING.set(versions, byProvider);
  const known = byProvider.get(elf);
  if (known !== undefined) return known;
  surroundings.spend(versions.length + defined.length);
  const has = new Set(defined);
  const missing = versions.filter(({ name, weak }) => !weak && !has.has(name)).map(({ name }) => name);
  byProvider.set(elf, missing);
  return missing;
}
