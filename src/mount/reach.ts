import { isFileSystemRoot } from '../host/device.js';
import type { Step } from '../overlay/step.js';
import { commands, mount, tryToMount } from './mount-command.js';
import { makeDirectory, type Workspace } from './workspace.js';

/**
 * Shows the directory above merged hierarchies once more, without what is merged: so their own directories can be used
 * while everybody else still sees the merge.
 *
 * A copy without what is mounted below does it. The kernel allows none where mounts come from a namespace with more
 * privileges (mount_namespaces(7)), and it lacks a hierarchy that is a mount of its own: then what is mounted below is
 * copied as well, and the merges are taken off the copy.
 *
 * @throws MountFailedError, CommandMissingError
 */
export function reach(
  { from, to, merged, withMounts }: Extract<Step, { kind: 'reach' }>,
  { lock }: Workspace,
): void {
  makeDirectory(to);
  if (!withMounts && tryToMount(commands.copyDirectory(from, to), { lock })) return;
  mount(`look below what is merged in '${from}'`, commands.copyTree(from, to), { lock });
  for (const path of merged)
    if (isFileSystemRoot(path)) mount(`unmount '${path}'`, commands.detach(path), { lock });
}
