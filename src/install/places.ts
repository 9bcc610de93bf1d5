import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../host/device.js';
import { findBelow, resolveNewBelow } from '../host/root.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { parseOrigin } from '../overlay/origin.js';
import { isKept } from './partial.js';
import { findStages } from './stage.js';

/** The directories of the search path that this room writes to. */
export interface Places {
  /** Where images are installed. */
  readonly images: string;
  /** Where extensions are switched off. */
  readonly switches: string;
  /** The same until the next boot. */
  readonly runtime: string;
}

/**
 * @param searchPath of the class: `/etc` comes first where the class has a directory there, else nothing but `/run` comes before
 *   the images
 */
export function placesOf(searchPath: readonly string[]): Places {
  const below = (top: string) => searchPath.find((path) => path.startsWith(`${top}/`));
  const images = below('/var')!;
  return { images, switches: below('/etc') ?? images, runtime: below('/run')! };
}

/** Where a directory of {@link Places} is, or would be made. @throws the errors of resolveNewBelow() */
export function placeBelow(root: string, place: string): string {
  return resolveNewBelow(root, place);
}

/**
 * What calls that were killed have left: in these directories, and in the versioned ones in them. What is still merged, because
 * a call was killed while it removed it, is left alone; and for some time a download that another call can go on with.
 *
 * @param hierarchies with what is merged there
 * @throws the errors of readdir(3) but "no such file"
 */
export function findAbandoned(root: string, places: Places, hierarchies: readonly Hierarchy[]): string[] {
  const merged = mergedFiles(hierarchies);
  return findStagesIn(root, places).filter((path) => !holdsAny(path, merged) && !isKept(path));
}

function mergedFiles(hierarchies: readonly Hierarchy[]): ReadonlySet<string> {
  const origins = hierarchies.map(({ merge }) => parseOrigin(merge?.origin ?? ''));
  const sources = origins.flatMap((origin) => [...(origin?.extensions.values() ?? [])]);
  return new Set(sources.map(({ device, inode }) => `${device} ${inode}`));
}

function holdsAny(stage: string, files: ReadonlySet<string>): boolean {
  if (files.size === 0 || !lstatSync(stage).isDirectory()) return false;
  return readdirSync(stage).some((name) => {
    const { device, inode } = identityOf(join(stage, name));
    return files.has(`${device} ${inode}`);
  });
}

function findStagesIn(root: string, places: Places): string[] {
  return [...new Set(Object.values(places) as string[])].flatMap((place) => {
    const directory = findBelow(root, place);
    if (directory === null || !statSync(directory).isDirectory()) return [];
    const versioned = readdirSync(directory)
      .filter((name) => name.endsWith('.v'))
      .map((name) => join(directory, name))
      .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory());
    return [directory, ...versioned].flatMap(findStages);
  });
}
