import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { deviceOf, isFileSystemRoot } from '../host/device.js';
import { DEVICE_FILE } from '../overlay/metadata.js';
import type { Step } from '../overlay/plan.js';
import { commands, mount } from './mount-command.js';
import type { Workspace } from './workspace.js';

/**
 * Takes back the steps of a plan, last first. Each may have happened, happened in part, or not at all (the process
 * was killed): so what is there is looked at, not remembered. What is only in the workspace needs no undoing.
 *
 * @throws MountFailedError if something cannot be taken back; the steps before it are taken back all the same
 */
export function undoSteps(steps: readonly Step[], workspace: Workspace): void {
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

function undo(step: Step, { lock }: Workspace): void {
  switch (step.kind) {
    case 'place': {
      const device = readDevice(step.metadata);
      if (device !== null && deviceOf(step.path) === device) {
        mount(`unmount '${step.path}'`, commands.detach(step.path), { lock });
      }
      return;
    }
    case 'detach':
      return putBack(step.keep, step.path, lock);
    case 'make-directory':
      return removeIfEmpty(step.path);
    case 'write-metadata':
    case 'mount-overlay':
    case 'verify':
      return;
  }
}

/** Merges were kept from the top down, `0`, `1`, …, so they go back from the last to the first. */
function putBack(keep: string, path: string, lock: number): void {
  if (!existsSync(keep)) return;
  const kept = readdirSync(keep).sort((a, b) => Number(b) - Number(a));
  for (const number of kept) {
    const from = join(keep, number);
    if (!isFileSystemRoot(from) || deviceOf(from) === deviceOf(path)) continue;
    mount(`put the former merge back at '${path}'`, commands.bind(from, path), { lock });
  }
}

function readDevice(metadata: string): string | null {
  try {
    return readFileSync(join(metadata, DEVICE_FILE), 'utf8').trim();
  } catch {
    return null;
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // It was not made, or somebody uses it already.
  }
}
