import { constants } from 'node:os';
import { loadSystemCalls } from '../host/native/load-system-calls.js';
import type { SystemCalls } from '../host/native/system-calls.js';
import { mayMount } from '../host/privileges.js';
import { runCommand } from '../host/process.js';
import { isKernelAtLeast } from '../host/version.js';
import { canPropagateTo, putBeneathByPropagation } from './beneath-by-propagation.js';
import { commands } from './mount-command.js';
import type { Workspace } from './workspace.js';

/** Moves a mount beneath the one that is seen at a place. @returns whether the kernel did */
type PutBeneath = (from: string, to: string, workspace: Workspace) => boolean;

/** move_mount(2), `linux/mount.h` */
const MOVE_MOUNT_BENEATH = 0x200;

/** Since then the kernel has it (Linux commit 6ac392815628). */
const KERNEL = '6.5.0';

/** The system call itself, which costs no process, or mount(8) since 2.42. */
export type WayBeneath = 'system-call' | 'mount';

interface Call {
  readonly way: WayBeneath;
  readonly put: PutBeneath;
}

let found: Call | null | undefined;

function findCall(): Call | null {
  if (found !== undefined) return found;
  const calls = loadSystemCalls();
  if (calls !== null && isKnown(calls))
    found = { way: 'system-call', put: (from, to) => calls.moveMount(from, to, MOVE_MOUNT_BENEATH) === 0 };
  else found = isKnownToMount() ? { way: 'mount', put: putBeneathWithMount } : null;
  return found;
}

/** How a mount is put beneath another one wherever that is; `null` where there is no such way. @throws CommandMissingError */
export function wayBeneath(): WayBeneath | null {
  return findCall()?.way ?? null;
}

/** Whether a mount can be put beneath another one at all these places, as far as it can be told without trying. */
export function canPutBeneath(paths: readonly string[]): boolean {
  return findCall() !== null || paths.every(canPropagateTo);
}

/**
 * Moves a finished mount, with all that is mounted on it, beneath what is seen at a place. Nobody sees a difference until
 * that is unmounted, and then nothing else than the other mount.
 *
 * @returns `false` where it cannot be done, or the kernel refused; then all is as it was
 * @throws MountFailedError, CommandMissingError
 */
export function putBeneath(from: string, to: string, workspace: Workspace): boolean {
  return findCall()?.put(from, to, workspace) || putBeneathByPropagation(from, to, workspace);
}

/** An older kernel does not know the flag, and says so before it looks at the paths; others find them to be empty. */
function isKnown({ moveMount }: SystemCalls): boolean {
  // Who may not mount, and only wants to know what would be done, is told nothing else by the kernel.
  if (!mayMount()) return isKernelAtLeast(KERNEL);
  return moveMount('', '', MOVE_MOUNT_BENEATH) === constants.errno.ENOENT;
}

function isKnownToMount(): boolean {
  return isKernelAtLeast(KERNEL) && /--beneath\b/.test(runCommand(['mount', '--help']).stdout);
}

/** With mount(2), which cannot do it, mount(8) would put it on top. */
function putBeneathWithMount(from: string, to: string, { lock }: Workspace): boolean {
  const settings = { descriptors: [lock], env: { LIBMOUNT_FORCE_MOUNT2: 'never' } };
  return runCommand(commands.moveBeneath(from, to), settings).status === 0;
}
