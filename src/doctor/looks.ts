import { lstatSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInUse, type MountNamespaces } from '../host/mount-namespaces.js';
import { LOOK_PREFIX } from '../mount/state-directory.js';
import type { Leftover } from './leftovers.js';

/** In milliseconds: a directory that is younger may be about to be mounted on; and who sees not all processes waits. */
const YOUNG = 10 * 60 * 1000;

/** Only directories of this user, no symlinks, that nothing is mounted on in any mount namespace that can be seen. */
export function findLooks(namespaces: MountNamespaces): Leftover[] {
  if (!namespaces.isComplete) return [];
  return namesIn(tmpdir())
    .filter((name) => name.startsWith(LOOK_PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((path) => {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined || !found.isDirectory() || found.uid !== process.geteuid?.()) return false;
      return Date.now() - found.mtimeMs > YOUNG && !isInUse(namespaces, path);
    })
    .map((path) => ({ kind: 'look', path }));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
