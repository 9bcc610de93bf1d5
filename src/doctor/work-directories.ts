import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isInUse, type MountNamespaces, readMountNamespaces } from '../host/mount-namespaces.js';
import { errorCode, resolveNewBelow } from '../host/root.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { fileNameOf, WRITE_DIRECTORIES, workDirectoriesOf } from '../overlay/mutable.js';
import { findWorkDirectory } from '../overlay/work-directory.js';
import type { Leftover } from './leftovers.js';

/**
 * Work directories that no overlay uses: neither what is merged here, nor any that can be seen in another mount namespace.
 * They are beside the write directories, and nothing else there has their names.
 */
export function findWorkDirectories(
  root: string,
  names: readonly string[],
  hierarchies: readonly Hierarchy[],
  namespaces: MountNamespaces = readMountNamespaces(),
): Leftover[] {
  if (!namespaces.isComplete) return [];
  return names.flatMap((name) => {
    const work = hierarchies.find((hierarchy) => hierarchy.name === name)?.merge?.work ?? null;
    const used = work === null ? null : findWorkDirectory(root, name, work);
    return workDirectoriesFor(root, name)
      .filter((path) => path !== used && isDirectory(path) && !isInUse(namespaces, path))
      .map((path) => ({ kind: 'work-directory', path, hierarchy: name }) as const);
  });
}

function workDirectoriesFor(root: string, name: string): readonly string[] {
  try {
    return workDirectoriesOf(resolveNewBelow(root, join(WRITE_DIRECTORIES, fileNameOf(name))), name);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}

export function isDirectory(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
