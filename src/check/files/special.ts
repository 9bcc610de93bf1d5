import { type Finding, found } from '../finding.js';
import { type CheckedImage, isInHierarchy } from '../image.js';
import type { Entry } from '../tree.js';

/** Devices, FIFOs and sockets: none of them does in an extension what it does elsewhere. */
export function checkSpecial(image: CheckedImage): Finding[] {
  return image.tree.entries.flatMap((entry) => (isInHierarchy(image, entry.path) ? checkEntry(entry) : []));
}

function checkEntry({ path, type, rdev }: Entry): Finding[] {
  switch (type) {
    case 'character':
      // What overlayfs takes for "deleted" (the kernel's documentation of overlayfs, "whiteouts and opaque directories").
      return [rdev === 0 ? found('whiteout', path) : found('device-file', path, { type })];
    case 'block':
      return [found('device-file', path, { type })];
    case 'fifo':
    case 'socket':
      return [found('special-file', path, { type })];
    default:
      return [];
  }
}
