import type { ExtensionClass } from '../extension-class.js';
import { readMountTable, stackAt } from '../host/mount-table.js';
import type { Hierarchy } from '../overlay/metadata.js';
import type { Detached } from '../overlay/plan.js';
import { findSubmounts } from '../overlay/submounts.js';
import { findWorkDirectory } from '../overlay/work-directory.js';
import type { Context } from './context.js';

/** What is merged now, with all that has to be known to take it off. */
export function findDetached({ root, commandLine }: Context, hierarchies: readonly Hierarchy[]): Detached[] {
  const merged = hierarchies.filter(({ merge }) => merge !== null);
  if (merged.length === 0) return [];
  const table = readMountTable();
  const ours = ownMounts(merged, commandLine.extensionClass);
  // A hierarchy inside of another one comes off first.
  const depth = ({ path }: Hierarchy) => path.split('/').length;
  return merged
    .toSorted((a, b) => depth(b) - depth(a))
    .map((hierarchy) => {
      const work = hierarchy.merge?.work ?? null;
      const [, below] = stackAt(table, hierarchy.path);
      // The overlays of both programs are called by the name of the class.
      const isStacked = below?.source === commandLine.extensionClass.name;
      return {
        hierarchy,
        isMount: below !== undefined,
        isStacked,
        submounts: findSubmounts(table, hierarchy.path, ours),
        work: work === null ? null : findWorkDirectory(root, hierarchy.name, work),
      };
    });
}

/** What of the mounts below a merged hierarchy is not somebody else's. */
export function ownMounts(merged: readonly Hierarchy[], { metadataDirectory }: ExtensionClass): string[] {
  return merged.flatMap(({ path }) => [path, `${path}/${metadataDirectory}`]);
}
