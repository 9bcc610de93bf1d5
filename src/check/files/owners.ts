import { type Finding, found } from '../finding.js';
import { type CheckedImage, isInHierarchy } from '../image.js';
import type { Entry } from '../tree.js';

/**
 * What is merged should be root's, as what it is merged into is: its owner can change it, and the highest user numbers mean
 * somebody else on each machine. One finding for all that one user owns, at the first of it.
 */
export function checkOwners(image: CheckedImage): Finding[] {
  const owners = new Map<string, { first: Entry; count: number }>();
  let all = 0;
  for (const entry of image.tree.entries) {
    if (!isInHierarchy(image, entry.path)) continue;
    all += 1;
    if (entry.uid === 0 && entry.gid === 0) continue;
    const owner = `${entry.uid}:${entry.gid}`;
    const known = owners.get(owner);
    if (known === undefined) owners.set(owner, { first: entry, count: 1 });
    else known.count += 1;
  }
  return [...owners].map(([owner, { first, count }]) => {
    // Of a directory that somebody without privileges has built everything is his; packed, it need not be.
    const isBuilt = image.isDirectory && count === all;
    return found(
      'wrong-owner',
      first.path,
      { owner, count: String(count), all: String(all), built: isBuilt ? 'yes' : 'no' },
      isBuilt ? 'note' : 'warning',
    );
  });
}
