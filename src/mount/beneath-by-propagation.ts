import { mkdtempSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deviceOf } from '../host/device.js';
import { readMountTable, stackAt } from '../host/mount-table.js';
import { runCommand } from '../host/process.js';
import { isKernelAtLeast } from '../host/version.js';
import { commands, mount } from './mount-command.js';
import type { Workspace } from './workspace.js';

/** Since then a mount that comes by propagation goes beneath what is there already (Linux commit 1064f874abc0). */
const KERNEL = '4.11.0';

/** Whether the kernel does it, where mounts are shared. */
export function propagatesBeneath(): boolean {
  return isKernelAtLeast(KERNEL);
}

/**
 * Whether {@link putBeneathByPropagation} can work at a place: what is mounted there is mounted right on a directory of a
 * shared mount.
 */
export function canPropagateTo(path: string): boolean {
  if (!propagatesBeneath()) return false;
  const table = readMountTable();
  const [top, ...others] = stackAt(table, path);
  return others.length === 0 && table.some(({ id, isShared }) => id === top?.parent && isShared);
}

/**
 * Puts a mount beneath another one with any mount(8). A copy of the directory above is a peer of the mount that it is on: what is
 * mounted in one is mounted in the other as well (mount_namespaces(7)). Nothing covers the place in the copy, so the mount is
 * moved there; in the original it goes beneath what is there.
 *
 * @returns `false` if it did not; then all is as it was
 * @throws MountFailedError, CommandMissingError
 */
export function putBeneathByPropagation(from: string, to: string, { directory, lock }: Workspace): boolean {
  if (!canPropagateTo(to)) return false;
  const device = deviceOf(from) ?? '';
  const peer = mkdtempSync(join(directory, 'peer-'));
  const copy = join(peer, basename(to));
  const tried = (command: readonly string[]) => runCommand(command, { descriptors: [lock] }).status === 0;
  const isMoved = tried(commands.bindDirectory(dirname(to), peer)) && tried(commands.move(from, copy));
  if (!isMoved) return false;
  // Else it would vanish everywhere as soon as the workspace does.
  mount(`make '${peer}' private`, commands.makePrivate(peer), { lock });
  const [, ...beneath] = stackAt(readMountTable(), to);
  if (beneath.some((other) => other.device === device)) return true;
  mount(`take the overlay back to '${from}'`, commands.move(copy, from), { lock });
  return false;
}
