import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOK_PREFIX } from './state-directory.js';
import { closeWorkspace, openWorkspace, type Workspace } from './workspace.js';

/** Of mounts that are only looked at: nothing in them is to be executed. */
export const LOOK_FLAGS = ['nodev', 'nosuid', 'noexec'];

/** A workspace of a call that merges nothing. */
export interface LookingPlace {
  readonly workspace: Workspace;
  /** Unmounts it, with all that was mounted in it. @throws MountFailedError */
  close(): void;
}

/**
 * Makes a place to look into images. The mount namespace should be one of its own, so that nobody else sees that.
 *
 * @throws MountFailedError, CommandMissingError, the errors of mkdtemp(3)
 */
export function openLookingPlace(): LookingPlace {
  const directory = mkdtempSync(join(tmpdir(), LOOK_PREFIX));
  // Where a merge hands its lock to the programs that it calls; here is nothing to lock.
  const descriptor = openSync('/dev/null', 'r');
  try {
    const workspace = openWorkspace(directory, descriptor);
    return {
      workspace,
      close() {
        try {
          closeWorkspace(workspace);
        } finally {
          closeSync(descriptor);
        }
      },
    };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}
