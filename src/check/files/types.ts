import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { type Finding, found } from '../finding.js';
import { type CheckedImage, isInHierarchy } from '../image.js';

/**
 * Directories of several layers become one directory, and nothing else does: where one side has a directory and the other has
 * not, all that the host has there is gone while the image is merged.
 */
export function checkTypes(image: CheckedImage): Finding[] {
  const { host, hierarchies } = image;
  if (host === null) return [];
  return image.tree.entries.flatMap(({ path, type, isUtf8 }) => {
    if (!isUtf8 || !isInHierarchy(image, path) || hierarchies.includes(path)) return [];
    const status = tryLstat(join(host.root, path));
    if (status === null) return [];
    if (type === 'directory' && status.isSymbolicLink())
      return [found('type-conflict', path, { host: 'symlink' })];
    if (type !== 'directory' && status.isDirectory())
      return [found('type-conflict', path, { host: 'directory', type })];
    return [];
  });
}

function tryLstat(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
