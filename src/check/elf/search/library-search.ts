import { findBelow } from '../../../host/root.js';
import { isAlike } from '../machine.js';
import type { Place, Surroundings } from '../surroundings.js';
import { configuredDirectories, muslDirectories } from './configured-directories.js';
import { inheritedDirectories, type Loaded, rpathDirectories, runpathDirectories } from './loaded.js';
import { expandTokens, libToken } from './search-path.js';
import { systemDirectories } from './system-directories.js';

export type Found =
  | {
      readonly kind: 'found';
      readonly place: Place;
      /** Only ldconfig(8) makes the loader look there: the cache of the host does not know it. */
      readonly needsCache: boolean;
    }
  | 'missing'
  | 'unknown';

/** The rules of one dynamic loader. */
export interface LibrarySearch {
  /** Where a library of this name is for the one that needs it. */
  find(name: string, needer: Loaded): Found;
  /** The value of `$LIB`. */
  readonly lib: string;
  /** Directories in which it looks for every program. */
  readonly directories: readonly string[];
  /** Those of them in which it finds a library that ldconfig(8) was not told of. */
  readonly uncached: readonly string[];
  /** Whether it looks at the versions of symbols. */
  readonly hasVersions: boolean;
}

/**
 * The search of ld.so(8): `DT_RPATH` of what asks and of what loaded that, unless they have `DT_RUNPATH`; `DT_RUNPATH` of what asks;
 * the cache of ldconfig(8); the system directories. The cache is what the host has in the configured directories now: merging an
 * image does not write it anew, so a library in one of these that only the image has is not found until somebody does.
 *
 * @param loader the program interpreter; `null` if it is not known
 */
export function gnuSearch(surroundings: Surroundings, loader: Place | null): LibrarySearch {
  const system = systemDirectories(loader);
  const configured = configuredDirectories(surroundings).filter((directory) => !system.includes(directory));
  const lib = libToken(system);
  const hostRoot = surroundings.image.host?.root ?? null;
  const directories = new Directories(surroundings);
  const everywhere = (name: string, needer: Loaded): Found => {
    const cached = configured.filter((directory) => isThere(hostRoot, `${directory}/${name}`));
    return firstOf([
      () => directories.first(name, needer, cached),
      () => directories.first(name, needer, system),
      () => afterLdconfig(directories.first(name, needer, configured)),
    ]);
  };
  return {
    lib,
    directories: [...system, ...configured],
    uncached: system,
    hasVersions: true,
    find(name, needer) {
      if (name.includes('/')) return findNamed(surroundings, name, needer, lib);
      return firstOf([
        () => directories.first(name, needer, rpathDirectories(needer, lib)),
        () => directories.first(name, needer, runpathDirectories(needer, lib)),
        () =>
          needer.elf.dynamic?.noDefaultDirectories
            ? 'missing'
            : directories.remember(name, needer, () => everywhere(name, needer)),
      ]);
    },
  };
}

/** Names of libraries that are all in the loader of musl, which never looks for them (`load_library` in ldso/dynlink.c). */
const IN_MUSL = /^lib(c|pthread|rt|m|dl|util|xnet)\./;

/**
 * The search of musl's loader: `DT_RPATH` and `DT_RUNPATH` are the same to it, and are searched for what asks and for all that
 * loaded that; then the directories of its configuration file.
 *
 * @param path of the loader, which says the name of that file
 */
export function muslSearch(surroundings: Surroundings, path: string): LibrarySearch {
  const configured = muslDirectories(surroundings, path);
  const directories = new Directories(surroundings);
  const lib = 'lib';
  return {
    lib,
    directories: configured,
    uncached: configured,
    hasVersions: false,
    find(name, needer) {
      if (name.includes('/')) return findNamed(surroundings, name, needer, lib);
      const self = IN_MUSL.test(name) ? surroundings.find(path) : 'missing';
      if (typeof self !== 'string') return { ...self, needsCache: false };
      return firstOf([
        () => directories.first(name, needer, inheritedDirectories(needer, lib)),
        () => directories.remember(name, needer, () => directories.first(name, needer, configured)),
      ]);
    },
  };
}

function isThere(root: string | null, path: string): boolean {
  try {
    return root !== null && findBelow(root, path) !== null;
  } catch {
    return false;
  }
}

function afterLdconfig(found: Found): Found {
  return typeof found === 'string' ? found : { ...found, needsCache: true };
}

/** The first that finds it; where one of them could not look, nobody knows. */
function firstOf(stages: readonly (() => Found)[]): Found {
  let nothing: Found = 'missing';
  for (const stage of stages) {
    const found = stage();
    if (typeof found !== 'string') return found;
    if (found === 'unknown') nothing = found;
  }
  return nothing;
}

/** A name with a slash in it is a path; one that is not absolute is looked for in the working directory. */
function findNamed(surroundings: Surroundings, name: string, { place, elf }: Loaded, lib: string): Found {
  const path = expandTokens(name, { seenAt: place.seenAt, lib, elf });
  if (path === null || !path.startsWith('/')) return 'unknown';
  const look = surroundings.find(path);
  return typeof look === 'string' ? look : { ...look, needsCache: false };
}

class Directories {
  private readonly known = new Map<string, Found>();

  constructor(private readonly surroundings: Surroundings) {}

  /** The first that has a file of that name that can be in one process with the needer. */
  first(name: string, { elf }: Loaded, directories: Iterable<string>): Found {
    let nothing: Found = 'missing';
    for (const directory of directories) {
      if (this.surroundings.isExhausted) return 'unknown';
      const look = this.surroundings.find(`${directory}/${name}`);
      if (look === 'unknown') nothing = look;
      if (typeof look === 'string') continue;
      const opened = this.surroundings.read(look.place);
      if (opened.kind === 'other' || opened.kind === 'script') continue;
      if (opened.kind === 'elf' && !isAlike(opened.elf, elf)) continue;
      return { ...look, needsCache: false };
    }
    return nothing;
  }

  /** What does not depend on the needer is looked up once. */
  remember(name: string, { elf }: Loaded, look: () => Found): Found {
    const key = `${elf.machine} ${elf.width} ${elf.order} ${name}`;
    this.surroundings.spend(1);
    const found = this.known.get(key) ?? look();
    this.known.set(key, found);
    return found;
  }
}
