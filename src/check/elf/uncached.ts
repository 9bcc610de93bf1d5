import { posix } from 'node:path';
import type { CheckedImage } from '../image.js';
import { Searches } from './search/searches.js';
import { Surroundings } from './surroundings.js';

/**
 * Which libraries of an image a loader finds as soon as they are merged, because it looks into their directory by itself: of
 * them ldconfig(8) need not be told. The loader itself says which directories these are, so without a host nothing is known.
 *
 * @returns takes the path of a library in the image; `false` also where it cannot be told
 */
export function foundWithoutCache(image: CheckedImage): (path: string) => boolean {
  if (image.host === null) return () => false;
  const surroundings = new Surroundings(image);
  const searches = new Searches(surroundings);
  return (path) => {
    const look = surroundings.find(path);
    if (typeof look === 'string') return false;
    const opened = surroundings.read(look.place);
    return opened.kind === 'elf' && searches.of(opened.elf).uncached.includes(posix.dirname(path));
  };
}
