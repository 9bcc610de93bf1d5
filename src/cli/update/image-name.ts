import { basename, dirname, join } from 'node:path';
import { parseVersionedDirectoryName } from '../../images/image-name.js';
import type { Delivery } from '../../update/decide.js';
import { type Context, searchFor } from '../context.js';

/**
 * Whether a merge can come upon the new file, and under which name: it lies in a directory of the search path, in a versioned
 * directory there, or a symlink there leads to it.
 *
 * @returns the name of the file that the extension will be found by, `null` if no merge looks there
 */
export function imageFileName(context: Context, { transfer: { target }, path }: Delivery): string | null {
  const { places, extensionClass } = searchFor(context);
  const isPlace = (directory: string) => places.includes(directory);
  const file = join(target.path, path);
  const link =
    target.currentSymlink === null ? null : join('/', absolute(target.path, target.currentSymlink));
  if (link !== null && isPlace(dirname(link))) return basename(link);
  if (isPlace(dirname(file))) return basename(file);
  const directory = dirname(file);
  const versioned = parseVersionedDirectoryName(basename(directory), extensionClass.suffix);
  return versioned !== null && isPlace(dirname(directory)) ? `${versioned.name}.raw` : null;
}

function absolute(directory: string, path: string): string {
  return path.startsWith('/') ? path : join(directory, path);
}
