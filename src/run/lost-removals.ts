import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { whiteoutsIn } from '../host/whiteouts.js';

/**
 * Marks of overlayfs by which something is removed, and that a copy does not have: the kernel makes none on an overlay, as the
 * root directory of a container is.
 *
 * @param source what was written to a hierarchy
 * @param copy of it
 * @returns paths below both
 */
export function findLostRemovals(source: string, copy: string): string[] {
  return [...whiteoutsIn(source)].filter((path) => !isThere(join(copy, path))).sort();
}

const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
