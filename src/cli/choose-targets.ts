import { statSync } from 'node:fs';
import { missingParents } from '../host/missing-parents.js';
import { readMountTable } from '../host/mount-table.js';
import { resolveNewBelow } from '../host/root.js';
import type { OpenImage } from '../mount/open-extensions.js';
import type { Workspace } from '../mount/workspace.js';
import { HierarchyError } from '../overlay/hierarchy-error.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { chooseWriting } from '../overlay/mutable.js';
import type { Target } from '../overlay/plan.js';
import { buildStack, type Layer } from '../overlay/stack.js';
import { findSubmounts } from '../overlay/submounts.js';
import { findWorkDirectory } from '../overlay/work-directory.js';
import type { Context } from './context.js';
import { ownMounts } from './find-detached.js';
import type { MergeContext } from './merge-settings.js';

/**
 * The hierarchies that get an overlay: those that at least one extension has something for, and all of them when they
 * are made writable.
 *
 * @param hierarchies those that exist
 * @throws HierarchyError, WriteDirectoryError, the errors of look-ups
 */
export function chooseTargets(
  context: MergeContext,
  workspace: Workspace,
  hierarchies: readonly Hierarchy[],
  accepted: readonly OpenImage[],
): Target[] {
  const { root, mutable } = context;
  const table = readMountTable();
  const ours = ownMounts(
    hierarchies.filter(({ merge }) => merge !== null),
    context.commandLine.extensionClass,
  );
  return context.hierarchies.flatMap((hierarchy) => {
    const { extensions } = buildStack(hierarchy, accepted);
    if (extensions.length === 0 && mutable === 'no') return [];
    const found = hierarchies.find(({ name }) => name === hierarchy);
    const path = found?.path ?? resolveNewBelow(root, hierarchy);
    checkHierarchy(hierarchy, path, extensions);
    const merge = found?.merge ?? null;
    const writing = chooseWriting(mutable, {
      root,
      hierarchy,
      host: path,
      isMerged: merge !== null,
      workInUse: merge?.work == null ? null : findWorkDirectory(root, hierarchy, merge.work),
      ephemeral: workspace.ephemeral(hierarchy),
    });
    const toMake = [
      ...(found === undefined ? [path] : []),
      ...(writing.upper?.kind === 'new' ? [writing.upper.path] : []),
    ];
    const submounts = findSubmounts(table, path, ours);
    return [
      {
        hierarchy,
        path,
        exists: found !== undefined,
        missingParents: toMake.flatMap(missingParents),
        isMerged: merge !== null,
        extensions,
        writing,
        submounts,
      },
    ];
  });
}

function checkHierarchy(hierarchy: string, path: string, extensions: readonly Layer[]): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new HierarchyError('no-directory', hierarchy, path);
  }
  for (const [index, { path: layer, extension }] of extensions.entries()) {
    const twin = extensions.slice(0, index).find((other) => other.path === layer);
    if (twin !== undefined)
      throw new HierarchyError('same-directory', hierarchy, layer, [extension, twin.extension]);
  }
  const inside = extensions.find((layer) => layer.path.startsWith(`${path}/`));
  if (inside !== undefined) throw new HierarchyError('contains-extension', hierarchy, inside.path);
}

/** Flags of all mounts of this class, without those that say whether they are writable. */
export function mountFlags({ commandLine }: Context): string[] {
  const { extensionClass, noexec } = commandLine;
  if (noexec === null) return [...extensionClass.mountFlags];
  const others = extensionClass.mountFlags.filter((flag) => flag !== 'noexec');
  return noexec ? [...others, 'noexec'] : others;
}
