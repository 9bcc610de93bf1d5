import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceOf, isFileSystemRoot } from '../host/device.js';
import { readMountTable, stackAt } from '../host/mount-table.js';
import { DEVICE_FILE } from '../overlay/metadata.js';
import type { Step } from '../overlay/step.js';
import { putBeneath } from './beneath.js';
import { commands, mount } from './mount-command.js';
import { makeDirectory, type Workspace } from './workspace.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

/** @throws MountFailedError, CommandMissingError */
export function keep({ hierarchy, path, keep: at }: StepOf<'keep'>, { lock }: Workspace): void {
  makeDirectory(at);
  mount(`keep the present merge of '${hierarchy}'`, commands.copyTree(path, at), { lock });
}

/**
 * Takes what was merged off its hierarchies, all by one process, so that they change almost at once. Where the kernel
 * would not have the new overlay beneath it, that is shown right after.
 *
 * @throws MountFailedError, CommandMissingError
 */
export function lift({ merges }: StepOf<'lift'>, workspace: Workspace): void {
  // An overlay that was put beneath is no longer where it was built.
  const isBeneath = ({ from }: { from: string }) => !isFileSystemRoot(from);
  const paths = merges.filter(isBeneath).map(({ path }) => path);
  const others = merges.filter((merge) => !isBeneath(merge));
  if (paths.length > 0) mount(`unmount '${paths.join("', '")}'`, commands.detach(...paths), workspace);
  for (const { path, from } of others) replace(path, from, workspace);
}

/** Shows one mount in place of another. Between the two calls neither is seen. @throws MountFailedError, CommandMissingError */
export function replace(path: string, from: string, { lock }: Pick<Workspace, 'lock'>): void {
  mount(`unmount '${path}'`, commands.detach(path), { lock });
  mount(`show the merge at '${path}'`, commands.bindTree(from, path), { lock });
}

/**
 * Shows the former merge again, however far the new one had come: beneath it, in its place, or in its place alone, or
 * nothing of it. The same way back, so again nothing vanishes that is in both; the new merge may be seen for a moment.
 *
 * @throws MountFailedError, CommandMissingError
 */
export function goBack(
  { path, metadata, keep: kept }: StepOf<'place-beneath' | 'replace'>,
  workspace: Workspace,
): void {
  const { lock } = workspace;
  // Topmost first.
  const stack = stackAt(readMountTable(), path).map(({ device }) => device);
  const former = isFileSystemRoot(kept) ? deviceOf(kept) : null;
  const isGone = former !== null && !stack.includes(former);
  const depth = stack.indexOf(readDevice(metadata) ?? '');
  const detach = () => mount(`unmount '${path}'`, commands.detach(path), { lock });
  const putBack = () =>
    mount(`put the former merge back at '${path}'`, commands.bindTree(kept, path), { lock });
  if (depth === -1) return isGone ? putBack() : undefined;
  if (depth > 0) {
    // What is on top is what was merged before; somebody else's mount is not ours to unmount.
    if (depth > 1 || stack[0] !== former) return;
    detach();
  } else if (!isGone) return detach();
  if (putBeneath(kept, path, workspace)) return detach();
  detach();
  putBack();
}

/** Number of the overlay that a metadata layer was written for; `null` if it was not mounted. */
export function readDevice(metadata: string): string | null {
  try {
    return readFileSync(join(metadata, DEVICE_FILE), 'utf8').trim();
  } catch {
    return null;
  }
}
