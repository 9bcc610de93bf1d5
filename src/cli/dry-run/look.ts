import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWorkspace, openWorkspace, type Workspace, workspaceAt } from '../../mount/workspace.js';

/**
 * Runs what looks into images, with a workspace of its own; without images there is nothing to mount, and it is none
 * but in name. The mount namespace should be one of its own, so that nobody else sees that.
 *
 * @param planned where the workspace of the merge will be
 * @throws MountFailedError, CommandMissingError, what `action` throws
 */
export function lookIn<Result>(
  planned: string,
  hasImages: boolean,
  action: (workspace: Workspace) => Result,
): Result {
  if (!hasImages) return action(workspaceAt(planned, -1));
  const directory = mkdtempSync(join(tmpdir(), 'sysext-look-'));
  // Where a merge hands its lock to the programs that it calls; here is nothing to lock.
  const descriptor = openSync('/dev/null', 'r');
  try {
    const workspace = openWorkspace(directory, descriptor);
    try {
      return action(workspace);
    } finally {
      closeWorkspace(workspace);
    }
  } finally {
    closeSync(descriptor);
  }
}
