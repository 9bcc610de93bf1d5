import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { isImage, searchPlace } from './discover.js';
import type { Image, PassedOver } from './image.js';
import type { Search } from './search-entry.js';

/**
 * How an extension is switched off. An empty directory hides what has its name in later search directories, and has no release
 * file, so nothing of that name is merged (systemd-sysext(8)).
 *
 * - `disabled`, `masked`: a symlink to one of the hidden directories below, made by the verbs
 * - `by-hand`: an empty directory, or a symlink to `/dev/null`
 */
export type SwitchedOff = 'disabled' | 'masked' | 'by-hand';

/** Empty directories that are no extensions, because their names are those of temporary files (see checkImageName()). */
export const OFF_DIRECTORIES = { disabled: '.#disabled', masked: '.#masked' } as const;

/** @param path of an image that is an empty directory */
export function switchedOffBy(path: string): SwitchedOff {
  const name = basename(path);
  if (name === OFF_DIRECTORIES.disabled) return 'disabled';
  return name === OFF_DIRECTORIES.masked ? 'masked' : 'by-hand';
}

/** Something that has a name in a search directory. */
export type Placed = {
  readonly name: string;
  /** The search directory, as it stands in the search path. */
  readonly place: string;
  readonly entry: string;
} & ({ readonly kind: 'image'; readonly image: Image } | { readonly kind: 'off'; readonly how: SwitchedOff });

/**
 * All that is in the search path in the order in which it is searched, also what is hidden: of a name the first one counts.
 *
 * @throws the errors of discoverImages()
 */
export function findPlaced(search: Search): Placed[] {
  return search.places.flatMap((place) =>
    [...searchPlace(search, place)].flatMap((found) => describe(found, place)),
  );
}

function describe(found: Image | PassedOver, place: string): Placed | [] {
  const { entry } = found;
  if (!isImage(found))
    return found.kind === 'masked' ? { kind: 'off', name: found.name, place, entry, how: 'by-hand' } : [];
  const { name } = found;
  return isEmptyDirectory(found)
    ? { kind: 'off', name, place, entry, how: switchedOffBy(found.path) }
    : { kind: 'image', name, place, entry, image: found };
}

/** What cannot be read is not known to be empty. */
function isEmptyDirectory({ kind, path }: Image): boolean {
  if (kind !== 'directory' && kind !== 'subvolume') return false;
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}
