import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mayMount, outerUserId } from '../../host/privileges.js';
import { insideRoot } from '../../host/root.js';
import type { Hindrance } from '../../layers/layer.js';
import { commands, MountFailedError, mount } from '../../mount/mount-command.js';
import type { Workspace } from '../../mount/workspace.js';
import type { Hierarchy } from '../../overlay/metadata.js';

/** Where the root can be seen without what is merged, or why it cannot. */
export type UncoveredHost =
  | { readonly kind: 'uncovered'; readonly root: string }
  | { readonly kind: 'covered'; readonly hindrance: Hindrance };

/** Where the copy of the root is made. */
export function uncoveredPlace({ directory }: Workspace): string {
  return join(directory, 'host');
}

/**
 * Shows what lies under a merge: copies all mounts of the root to the workspace, and takes what is merged off the copy.
 * The copies are private, so nothing happens to the originals, whatever the propagation of the machine is.
 */
export function uncoverHost(root: string, merged: readonly Hierarchy[], workspace: Workspace): UncoveredHost {
  if (merged.length === 0) return { kind: 'uncovered', root };
  if (!mayMount()) return { kind: 'covered', hindrance: { kind: 'not-privileged' } };
  const { lock } = workspace;
  const copy = uncoveredPlace(workspace);
  try {
    mkdirSync(copy, { recursive: true });
    mount(`copy the mounts of '${root}'`, commands.copyTree(root, copy), { lock });
    // A hierarchy inside of another one comes off first.
    for (const { path } of merged.toSorted((a, b) => b.path.length - a.path.length)) {
      const at = join(copy, insideRoot(root, path));
      mount(`unmount '${at}'`, commands.detach(at), { lock });
    }
    return { kind: 'uncovered', root: copy };
  } catch (error) {
    if (!(error instanceof MountFailedError)) throw error;
    // In a user namespace nobody may look under what was mounted outside of it (mount_namespaces(7)).
    if (outerUserId() !== 0) return { kind: 'covered', hindrance: { kind: 'not-privileged' } };
    return { kind: 'covered', hindrance: { kind: 'failed', cause: error } };
  }
}
