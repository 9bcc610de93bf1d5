import { readdirSync, statSync } from 'node:fs';
import { findBelow } from '../host/root.js';
import { HierarchyError } from './hierarchy-error.js';

/** An extension whose files can be read at `root`: a directory extension itself, or a mounted image. */
export interface OpenExtension {
  readonly name: string;
  readonly root: string;
}

/** One lower directory, and whose it is. */
export interface Layer {
  readonly extension: string;
  readonly path: string;
}

/** The layers of one hierarchy, without the metadata layer, which is always the top. */
export interface Stack {
  readonly hierarchy: string;
  /** Top first, as in the overlay's `lowerdir=`. */
  readonly extensions: readonly Layer[];
}

/**
 * Which extensions have something for a hierarchy. One without the directory, or with an empty one, has no layer.
 *
 * @param extensions in version order: the last is the top layer and wins
 * @throws HierarchyError for a file in place of the directory; the errors of readdir(3), when an extension is not readable or vanishes
 */
export function buildStack(hierarchy: string, extensions: readonly OpenExtension[]): Stack {
  const layers: Layer[] = [];
  for (const extension of extensions) {
    // A symlink to the directory is followed inside the extension only: `usr -> /etc` is its own /etc.
    const path = findBelow(extension.root, hierarchy);
    if (path === null) continue;
    if (!statSync(path).isDirectory()) {
      throw new HierarchyError('extension-file', hierarchy, path, [extension.name]);
    }
    if (hasEntries(path)) layers.unshift({ extension: extension.name, path });
  }
  return { hierarchy, extensions: layers };
}

/** Whether a directory has any entry; a file in place of a directory counts as none. */
export function hasEntries(path: string): boolean {
  try {
    return readdirSync(path).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}
