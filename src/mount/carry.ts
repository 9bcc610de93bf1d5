import { closeSync, constants, lstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readMountTable } from '../host/mount-table.js';
import { loadSystemCalls } from '../host/native/load-system-calls.js';
import { runCommand } from '../host/process.js';
import type { Step } from '../overlay/step.js';
import { isMountedAt } from '../overlay/submounts.js';
import { commands, mount } from './mount-command.js';
import { checkMountPoint } from './mount-points.js';
import type { Workspace } from './workspace.js';

type Carry = Extract<Step, { kind: 'carry' }>;

/** @throws MountPointError, MountFailedError, CommandMissingError, the errors of mkdir(2) */
export function carry({ from, to, submount, toHost }: Carry, { lock }: Workspace): void {
  // It was only covered, and can be seen again.
  if (toHost && isMountedAt(readMountTable(), to, submount)) return;
  checkMountPoint(to.slice(0, -submount.relative.length - 1), submount);
  if (toHost) makeMountPoint(to, submount.isDirectory);
  const command = toHost ? commands.bindTree(from, to) : commands.copyTree(from, to);
  mount(`keep the mount at '${to}'`, command, { lock });
}

/** Undoes {@link carry} where that left a mount on the host; what is below the overlay goes with it. */
export function carryBack({ to, submount, toHost }: Carry, { lock }: Workspace): void {
  if (toHost && isMountedAt(readMountTable(), to, submount))
    mount(`unmount '${to}'`, commands.detach(to), { lock });
}

/** An extension may have brought the mount point along; without it, the host needs one of its own. */
function makeMountPoint(path: string, isDirectory: boolean): void {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(isDirectory ? path : dirname(path), { recursive: true });
  if (!isDirectory) writeFileSync(path, '', { flag: 'wx' });
}

/** A mount that a merge is about to cover, held by an open file: no path will lead to it any more. */
export interface Covered {
  readonly path: string;
  readonly descriptor: number;
}

/** open(2): the file is only a place, nothing is read. Not among Node's constants. */
const O_PATH = 0o10000000;

/** umount2(2), `sys/mount.h` */
const MNT_DETACH = 2;

export function coveredAt(path: string): Covered {
  return { path, descriptor: openSync(path, O_PATH | constants.O_NOFOLLOW) };
}

/**
 * Unmounts a covered mount. Its copy below the merge is the one that is used now; were the original to stay, unmounting
 * the copy would free no disk, and the original would come back with unmerge.
 *
 * @returns whether it could be unmounted; if not, it only stays where it is
 */
export function unmountCovered({ descriptor }: Covered): boolean {
  if (runCommand(commands.detachDescriptor, { descriptors: [descriptor] }).status === 0) return true;
  // The umount(8) of busybox does not know the option, without which it would unmount what covers it.
  return loadSystemCalls()?.unmount(`/proc/self/fd/${descriptor}`, MNT_DETACH) === 0;
}

export function forget({ descriptor }: Covered): void {
  closeSync(descriptor);
}
