import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isFileSystemRoot } from '../host/device.js';
import type { Cleanup } from '../overlay/step.js';
import { removeWorkDirectory } from '../overlay/work-directory.js';
import { type Covered, forget, unmountCovered } from './carry.js';
import { commands, mount } from './mount-command.js';
import type { Workspace } from './workspace.js';

/**
 * What is done after the plan has succeeded. Nothing of it can make the merge wrong, so failures are only reported.
 *
 * @returns the errors
 */
export function cleanUp(
  tasks: readonly Cleanup[],
  covered: readonly Covered[],
  workspace: Workspace,
): unknown[] {
  const failures: unknown[] = [];
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      failures.push(error);
    }
  };
  // The old overlays still use their work directories. Otherwise they go with the workspace.
  if (tasks.some(({ kind }) => kind === 'remove-work-directory')) attempt(() => releaseKept(workspace));
  for (const task of tasks) {
    if (task.kind === 'remove-work-directory') attempt(() => removeWorkDirectory(task.path));
    const original = covered.find(({ path }) => path === task.path);
    if (task.kind === 'unmount-covered' && original !== undefined) attempt(() => unmountCovered(original));
  }
  for (const original of covered) attempt(() => forget(original));
  return failures;
}

/** Lets go of the merges that were kept in case of a failure. */
function releaseKept({ keptMerges, lock }: Workspace): void {
  if (!existsSync(keptMerges)) return;
  for (const hierarchy of readdirSync(keptMerges)) {
    for (const number of readdirSync(join(keptMerges, hierarchy))) {
      const kept = join(keptMerges, hierarchy, number);
      if (isFileSystemRoot(kept)) mount(`unmount '${kept}'`, commands.detach(kept), { lock });
    }
  }
}
