import { readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { readTextFile } from '../../../host/files.js';
import type { CheckedImage } from '../../image.js';
import { lookUp } from '../../merged-view.js';
import type { Surroundings } from '../surroundings.js';
import { matchesGlob } from './glob.js';

/** No honest configuration has as many files, or includes as deep. */
const MOST_FILES = 256;

/**
 * The directories that ldconfig(8) is told of in /etc/ld.so.conf, as they are when the image is merged.
 *
 * @returns in the order of the file; none if there is no such file, or it cannot be read
 */
export function configuredDirectories(surroundings: Surroundings): string[] {
  const directories = new Set<string>();
  const seen = new Set<string>();
  const pending = ['/etc/ld.so.conf'];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path) || seen.size >= MOST_FILES) continue;
    seen.add(path);
    const included: string[] = [];
    for (const line of readLines(surroundings, path)) {
      const pattern = /^include\s+(.*)$/.exec(line)?.[1];
      if (pattern !== undefined) {
        const patterns = pattern.split(/\s+/).map((word) => posix.resolve(dirname(path), word));
        included.push(...patterns.flatMap((word) => expand(surroundings.image, word)));
      } else if (line.startsWith('/')) {
        // An obsolete mark of the kind of library may follow a directory.
        directories.add(line.replace(/\s*=.*$/, '').replace(/(.)\/+$/, '$1'));
      }
    }
    pending.push(...included.reverse());
  }
  return [...directories];
}

/**
 * The directories that the loader of musl is told of: it has no cache, and looks nowhere else if there is such a file.
 *
 * @param loader `/lib/ld-musl-x86_64.so.1`
 */
export function muslDirectories(surroundings: Surroundings, loader: string): string[] {
  const architecture = /\/ld-musl-([^/]+)\.so\.1$/.exec(loader)?.[1];
  const text = readFile(surroundings, `/etc/ld-musl-${architecture}.path`);
  const directories = (text ?? '/lib:/usr/local/lib:/usr/lib').split(/[:\n]/);
  return directories.filter((directory) => directory.startsWith('/'));
}

function readLines(surroundings: Surroundings, path: string): string[] {
  const text = readFile(surroundings, path) ?? '';
  return text.split('\n').map((line) => line.replace(/#.*$/, '').trim());
}

function readFile(surroundings: Surroundings, path: string): string | null {
  const look = surroundings.find(path);
  if (typeof look === 'string') return null;
  try {
    return readTextFile(look.place.file);
  } catch {
    return null;
  }
}

/** The files that a pattern of glob(7) stands for, sorted; what it says of directories is taken as their name. */
function expand(image: CheckedImage, pattern: string): string[] {
  const [directory, last] = [dirname(pattern), posix.basename(pattern)];
  if (!/[*?[]/.test(last)) return [pattern];
  return listMerged(image, directory)
    .filter((name) => matchesGlob(name, last) && !name.startsWith('.'))
    .sort()
    .map((name) => join(directory, name));
}

function listMerged(image: CheckedImage, directory: string): string[] {
  const sight = lookUp(image, directory);
  if (sight.kind !== 'image' && sight.kind !== 'host') return [];
  const names = image.host === null ? [] : listHost(join(image.host.root, sight.path));
  if (sight.kind === 'host') return names;
  const ofImage = [...image.tree.byPath.keys()].filter((path) => dirname(path) === sight.path);
  return [...new Set([...names, ...ofImage.map((path) => posix.basename(path))])];
}

function listHost(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
