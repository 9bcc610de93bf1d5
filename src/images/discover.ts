import { readdirSync } from 'node:fs';
import { findBelow } from '../host/root.js';
import type { Image, PassedOver } from './image.js';
import { examineEntry, type Search } from './search-entry.js';
import { compareNames } from './version-order.js';

export interface Discovery {
  /** In version order of the names, the last one becomes the top layer. */
  readonly images: readonly Image[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * Finds the images of a class: the entries of each search directory in turn. A name that was seen hides the same
 * name in later directories (systemd-sysext(8)). Within one directory entries are taken in the order of their file
 * names, byte by byte, so `foo/` hides `foo.raw`, on every machine alike.
 *
 * @throws the error of readdir(3) for a search directory that exists but cannot be read
 */
export function discoverImages(search: Search): Discovery {
  const seen = new Map<string, string>();
  const images: Image[] = [];
  const passedOver: PassedOver[] = [];
  for (const found of searchAll(search)) {
    const name = 'name' in found ? found.name : null;
    const by = name === null ? undefined : seen.get(name);
    if (name !== null && by !== undefined) passedOver.push({ kind: 'hidden', entry: found.entry, name, by });
    else if (isImage(found)) images.push(found);
    else passedOver.push(found);
    if (name !== null && by === undefined) seen.set(name, found.entry);
  }
  return { images: images.sort((a, b) => compareNames(a.name, b.name)), passedOver };
}

function* searchAll(search: Search): Generator<Image | PassedOver> {
  for (const place of search.places) yield* searchPlace(search, place);
}

/** All entries of one search directory, whatever else has their names. @throws as {@link discoverImages} */
export function* searchPlace(search: Search, place: string): Generator<Image | PassedOver> {
  const directory = findBelow(search.root, place);
  if (directory === null) return;
  const names = readdirSync(directory, { encoding: 'buffer' }).sort(Buffer.compare);
  for (const name of names) yield examineEntry(search, directory, name);
}

export function isImage(found: Image | PassedOver): found is Image {
  return 'path' in found;
}
