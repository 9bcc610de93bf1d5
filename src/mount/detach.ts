import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { deviceOf, isFileSystemRoot } from '../host/device.js';
import { readMerge } from '../overlay/metadata.js';
import type { Step } from '../overlay/step.js';
import { commands, mount } from './mount-command.js';
import { makeDirectory, type Workspace } from './workspace.js';

type Detach = Extract<Step, { kind: 'detach' }>;

/**
 * Takes what is merged off a hierarchy, with the mounts below it, and keeps it in the workspace. Merges can be stacked
 * on one mount point, by calls of other programs; all of them come off, and are kept from the top down: `0`, `1`, …
 *
 * @throws MountFailedError, CommandMissingError
 */
export function detach(step: Detach, { lock }: Workspace, extensionClass: ExtensionClass): void {
  for (let count = 0; readMerge(step.path, extensionClass) !== null; count++) {
    const keep = join(step.keep, String(count));
    makeDirectory(keep);
    mount(`keep the present merge of '${step.hierarchy}'`, commands.copyTree(step.path, keep), { lock });
    mount(`unmount '${step.path}'`, commands.detach(step.path), { lock });
  }
}

/** The opposite of {@link detach}, however much of it had been done. @throws MountFailedError, CommandMissingError */
export function putBack({ keep, path }: Detach, { lock }: Workspace): void {
  if (!existsSync(keep)) return;
  const kept = readdirSync(keep).sort((a, b) => Number(b) - Number(a));
  for (const number of kept) {
    const from = join(keep, number);
    if (!isFileSystemRoot(from) || deviceOf(from) === deviceOf(path)) continue;
    mount(`put the former merge back at '${path}'`, commands.bindTree(from, path), { lock });
  }
}
