import { cleanUp } from './clean-up.js';
import { releaseDevices } from './mapped/release.js';
import { undoSteps } from './undo.js';
import { closeWorkspace, isWorkspaceOpen, readJournal, removeMountPoint, workspaceAt } from './workspace.js';

/** What was left of a call that was killed. */
export type Leftover =
  /** Nothing had been shown yet, or all of it: only the workspace had to go. */
  | 'workspace'
  /** It was in the middle of its plan, which was undone. */
  | 'unfinished-plan';

/**
 * Brings a root back in order after a call that was killed. Only with the lock of that root: then a workspace that
 * is still open belongs to nobody.
 *
 * @returns `null` if there was nothing to do
 * @throws MountFailedError, CommandMissingError, CommandFailedError of losetup(8)
 */
export function recover(directory: string, lock: number): Leftover | null {
  if (!isWorkspaceOpen(directory)) {
    removeMountPoint(directory);
    return null;
  }
  const workspace = workspaceAt(directory, lock);
  const entries = readJournal(workspace);
  const steps = entries.flatMap((entry) => (entry.kind === 'done' ? [] : [entry]));
  const done = entries.find((entry) => entry.kind === 'done');
  const unfinished = steps.length > 0 && done === undefined;
  if (unfinished) undoSteps(steps, workspace);
  if (done !== undefined) cleanUp(done.cleanup, [], workspace);
  // What is written in the workspace of devices goes with it.
  releaseDevices(workspace);
  closeWorkspace(workspace);
  return unfinished ? 'unfinished-plan' : 'workspace';
}
