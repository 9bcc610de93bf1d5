import type { ByteReader } from '../../../images/byte-reader.js';
import { withFile } from '../open-elf.js';
import type { Place } from '../surroundings.js';

/** Where a loader looks that does not say so itself. */
const USUAL = ['/lib64', '/usr/lib64', '/lib', '/usr/lib'];

/** Loaders have a quarter of a megabyte. */
const LARGEST = 4 * 1024 * 1024;

/**
 * The directories that are built into a loader of the GNU C library stand in it one after the other, with a slash and a zero
 * byte at the end of each. They are what `ld.so --list-diagnostics` calls `path.system_dirs`, which cannot be asked: a
 * loader in an image, or for another machine, is not run. The bounds keep a hostile loader from taking long.
 */
const BUILT_IN = /(?:(?:\/[\w.+-]{1,64}){1,8}\/\0){2,16}/g;

/**
 * The directories in which a loader looks without being told to (ld.so(8)), in its order.
 *
 * @param loader `null` if it is not known
 * @returns never throws: of a loader that cannot be read, the usual ones
 */
export function systemDirectories(loader: Place | null): readonly string[] {
  if (loader === null) return USUAL;
  try {
    const found = withFile(loader.file, readDirectories);
    return Array.isArray(found) && found.length > 0 ? found : USUAL;
  } catch {
    return USUAL;
  }
}

function readDirectories(reader: ByteReader): string[] {
  const text = reader.read(0n, LARGEST).toString('latin1');
  for (const [run] of text.matchAll(BUILT_IN)) {
    const directories = run.split('\0').filter((part) => part !== '');
    if (directories.every((directory) => /\/lib[\w-]*\//.test(directory)))
      return directories.map((directory) => directory.slice(0, -1));
  }
  return [];
}
