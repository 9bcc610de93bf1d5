import type { ElfFile } from '../format/elf-file.js';
import type { Place } from '../surroundings.js';
import { searchDirectories } from './search-path.js';

/** A program or library that a loader has loaded. */
export interface Loaded {
  readonly place: Place;
  readonly elf: ElfFile;
  /** What asked for it; `null` for what the search began with. */
  readonly loader: Loaded | null;
}

/** Who asks, who loaded that, and so on. */
function* chain(needer: Loaded): Generator<Loaded> {
  for (let one: Loaded | null = needer; one !== null; one = one.loader) yield one;
}

/** The directories of `DT_RPATH` that ld.so(8) looks in for what a file needs. */
export function* rpathDirectories(needer: Loaded, lib: string): Generator<string> {
  if (needer.elf.dynamic?.runpath != null) return;
  for (const one of chain(needer)) if (one.elf.dynamic?.runpath == null) yield* pathsOf(one, lib);
}

/** Those of `DT_RUNPATH`, which are for the file itself only. */
export function runpathDirectories(needer: Loaded, lib: string): readonly string[] {
  return needer.elf.dynamic?.runpath == null ? [] : pathsOf(needer, lib);
}

/** Those of musl, to which both are the same. */
export function* inheritedDirectories(needer: Loaded, lib: string): Generator<string> {
  for (const one of chain(needer)) yield* pathsOf(one, lib);
}

const PATHS = new WeakMap<Loaded, readonly string[]>();

/** The directories of the one search path that counts of a file, taken apart once. */
function pathsOf(one: Loaded, lib: string): readonly string[] {
  const known = PATHS.get(one);
  if (known !== undefined) return known;
  const { place, elf } = one;
  const searchPath = elf.dynamic?.runpath ?? elf.dynamic?.rpath;
  const directories =
    searchPath == null ? [] : searchDirectories(searchPath, { seenAt: place.seenAt, lib, elf });
  const paths = directories.flatMap(({ path }) => path ?? []);
  PATHS.set(one, paths);
  return paths;
}
