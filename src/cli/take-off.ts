import { unmountMerges } from '../mount/unmount.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { quoted } from '../report/printable.js';
import type { Context } from './context.js';

/** Unmerges the hierarchies that are merged, and says so. @throws MountFailedError, CommandMissingError */
export function takeOff(
  { commandLine, log }: Context,
  hierarchies: readonly Hierarchy[],
  lock: number,
): void {
  for (const hierarchy of hierarchies.filter(({ merge }) => merge !== null)) {
    unmountMerges(hierarchy, commandLine.extensionClass, lock);
    log.info(`Unmerged ${quoted(hierarchy.path)}.`);
  }
}
