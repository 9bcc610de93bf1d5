import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { deviceOf } from '../host/device.js';
import { readMountTable } from '../host/mount-table.js';
import { DEVICE_FILE, readMerge } from '../overlay/metadata.js';
import type { Plan, Step } from '../overlay/step.js';
import { isMountedAt } from '../overlay/submounts.js';
import { putBeneath } from './beneath.js';
import { makeWriteDirectory, mountOverlay, writeMetadata } from './build-overlay.js';
import { type Covered, carry, coveredAt } from './carry.js';
import { cleanUp } from './clean-up.js';
import { detach } from './detach.js';
import { keep, lift, replace } from './exchange.js';
import { commands, mount } from './mount-command.js';
import { reach } from './reach.js';
import { undoSteps } from './undo.js';
import { makeDirectory, type Workspace, writeJournal } from './workspace.js';

/** A merge was mounted, but looking at the hierarchy does not show it, or not the mounts that were below it. */
export class NotVisibleError extends Error {
  constructor(
    readonly hierarchy: string,
    readonly path: string,
    /** Device number of what is seen there instead. */
    readonly found: string | null,
  ) {
    super(`The merge of '${hierarchy}' is not visible at '${path}'`);
  }
}

/** A step failed, and then what had been done could not be taken back either. The workspace must stay for recover(). */
export class UndoFailedError extends Error {
  constructor(
    readonly failure: unknown,
    options: { cause: unknown },
  ) {
    super('undo failed', options);
  }
}

/**
 * Carries out a plan. If a step fails, all that was done is undone, in reverse order, and the error is thrown.
 *
 * @returns what of the cleanup failed; the merge stands all the same
 * @throws UndoFailedError, MountFailedError, CommandMissingError, OverlayFailedError, NotVisibleError, TooManyLayersError,
 *   the errors of Node's file functions
 */
export function executePlan(
  { steps, cleanup }: Plan,
  workspace: Workspace,
  extensionClass: ExtensionClass,
): unknown[] {
  const begun: Step[] = [];
  const covered: Covered[] = [];
  try {
    for (const step of steps) {
      writeJournal(workspace, step);
      begun.push(step);
      if (step.kind === 'carry' && !step.toHost) covered.push(coveredAt(step.from));
      execute(step, workspace, extensionClass);
    }
    writeJournal(workspace, { kind: 'done', cleanup });
  } catch (error) {
    try {
      undoSteps(begun, workspace);
    } catch (cause) {
      throw new UndoFailedError(error, { cause });
    }
    throw error;
  }
  return cleanUp(cleanup, covered, workspace);
}

function execute(step: Step, workspace: Workspace, extensionClass: ExtensionClass): void {
  const { lock } = workspace;
  switch (step.kind) {
    case 'make-directory':
      return makeDirectory(step.path);
    case 'make-write-directory':
      return makeWriteDirectory(step);
    case 'change-mode':
      return chmodSync(step.path, step.to);
    case 'detach':
      return detach(step, workspace, extensionClass);
    case 'reach':
      return reach(step, workspace);
    case 'keep':
      return keep(step, workspace);
    case 'write-metadata':
      return writeMetadata(step);
    case 'mount-overlay':
      return mountOverlay(step, workspace, extensionClass);
    case 'protect':
      return mount(`protect '${step.path}'`, commands.bindReadOnly(step.path, step.flags), { lock });
    case 'carry':
      return carry(step, workspace);
    case 'place':
      return mount(`show the merge at '${step.path}'`, commands.bindTree(step.from, step.path), { lock });
    case 'place-beneath':
      // If the kernel would not, `lift` finds it where it was built.
      putBeneath(step.from, step.path, workspace);
      return;
    case 'lift':
      return lift(step, workspace);
    case 'replace':
      return replace(step.path, step.from, workspace);
    case 'verify':
      return verify(step, extensionClass);
  }
}

/** Looks at the result as everybody else in this mount namespace does. */
function verify(step: Extract<Step, { kind: 'verify' }>, extensionClass: ExtensionClass): void {
  const merge = readMerge(step.path, extensionClass);
  const wanted = readFileSync(join(step.metadata, DEVICE_FILE), 'utf8').trim();
  if (merge?.device !== wanted) throw new NotVisibleError(step.hierarchy, step.path, deviceOf(step.path));
  if (step.submounts.length === 0) return;
  const table = readMountTable();
  for (const submount of step.submounts) {
    const path = join(step.path, submount.relative);
    if (!isMountedAt(table, path, submount)) throw new NotVisibleError(step.hierarchy, path, deviceOf(path));
  }
}
