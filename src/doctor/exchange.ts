import { isFileSystemRoot } from '../host/device.js';
import { CommandMissingError } from '../host/process.js';
import { wayBeneath } from '../mount/beneath.js';
import { propagatesBeneath } from '../mount/beneath-by-propagation.js';
import type { FindingOf } from './finding.js';

/** How `refresh` can keep what is there before and after in place all the time. */
export function findExchange(hierarchies: readonly FindingOf<'hierarchy'>[]): FindingOf<'exchange'> {
  return { code: 'exchange', way: anywhere() ?? (isByPropagation(hierarchies) ? 'propagation' : null) };
}

/** Without mount(8) nothing can be merged at all, which is another finding. */
function anywhere() {
  try {
    return wayBeneath();
  } catch (error) {
    if (error instanceof CommandMissingError) return null;
    throw error;
  }
}

/** Where all hierarchies are directories of shared mounts. */
function isByPropagation(hierarchies: readonly FindingOf<'hierarchy'>[]): boolean {
  const existing = hierarchies.filter(({ state }) => state === 'directory');
  return (
    propagatesBeneath() &&
    existing.every(({ path, propagation }) => propagation === 'shared' && !isFileSystemRoot(path))
  );
}
