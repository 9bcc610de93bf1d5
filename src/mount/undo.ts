import { chmodSync, rmdirSync } from 'node:fs';
import { deviceOf, isFileSystemRoot } from '../host/device.js';
import type { Step } from '../overlay/step.js';
import { removeWorkDirectory } from '../overlay/work-directory.js';
import { carryBack } from './carry.js';
import { putBack } from './detach.js';
import { goBack, readDevice } from './exchange.js';
import { commands, mount } from './mount-command.js';
import { keepToItself, type Workspace } from './workspace.js';

/**
 * Takes back the steps of a plan, last first. Each may have happened, happened in part, or not at all (the process
 * was killed): so what is there is looked at, not remembered. What is only in the workspace needs no undoing.
 *
 * @throws MountFailedError if something cannot be taken back; the steps before it are taken back all the same
 */
export function undoSteps(steps: readonly Step[], workspace: Workspace): void {
  keepToItself(workspace);
  const failures: unknown[] = [];
  for (const step of steps.toReversed()) {
    try {
      undo(step, workspace);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function undo(step: Step, workspace: Workspace): void {
  const { lock } = workspace;
  switch (step.kind) {
    case 'place': {
      const device = readDevice(step.metadata);
      if (device !== null && deviceOf(step.path) === device) {
        mount(`unmount '${step.path}'`, commands.detach(step.path), { lock });
      }
      return;
    }
    case 'mount-overlay':
      if (isFileSystemRoot(step.at)) mount(`unmount '${step.at}'`, commands.detach(step.at), { lock });
      if (step.upper !== null && step.upper.kind !== 'ephemeral') removeWorkDirectory(step.upper.work);
      return;
    case 'carry':
      return carryBack(step, workspace);
    case 'detach':
      return putBack(step, workspace);
    case 'change-mode':
      return chmodSync(step.path, step.from);
    case 'make-directory':
    case 'make-write-directory':
      return removeIfEmpty(step.path);
    case 'place-beneath':
    case 'replace':
      return goBack(step, workspace);
    case 'reach':
    case 'keep':
    case 'lift':
    case 'write-metadata':
    case 'protect':
    case 'verify':
      return;
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It was not made, or somebody uses it already.
  }
}
