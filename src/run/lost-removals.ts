import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Marks of overlayfs by which something is removed, and that a copy does not have: the kernel makes none on an overlay, as the
 * root directory of a container is.
 *
 * @param source what was written to a hierarchy
 * @param copy of it
 * @returns paths below both
 */
export function findLostRemovals(source: string, copy: string): string[] {
  const lost: string[] = [];
  const ahead = ['.'];
  for (let here = ahead.pop(); here !== undefined; here = ahead.pop())
    for (const entry of readdirSync(join(source, here), { withFileTypes: true })) {
      const path = join(here, entry.name);
      if (entry.isDirectory()) ahead.push(path);
      else if (entry.isCharacterDevice() && isMark(join(source, path)) && !isThere(join(copy, path)))
        lost.push(path);
    }
  return lost.sort();
}

const isMark = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.rdev === 0;
const isThere = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
