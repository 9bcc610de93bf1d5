import { constants, release } from 'node:os';
import coerce from 'semver/functions/coerce.js';
import gte from 'semver/functions/gte.js';
import { loadMoveMount } from '../host/native/load-move-mount.js';
import type { MoveMount } from '../host/native/move-mount.js';
import { runCommand } from '../host/process.js';
import { commands } from './mount-command.js';

/** Moves a mount beneath the one that is seen at a place. @returns whether the kernel did */
type PutBeneath = (from: string, to: string, lock: number) => boolean;

/** move_mount(2), `linux/mount.h` */
const MOVE_MOUNT_BENEATH = 0x200;

/** Since then the kernel has it (Linux commit 6ac392815628). */
const KERNEL = '6.5.0';

let found: PutBeneath | null | undefined;

/**
 * Looks for a way to put a mount beneath another one, and takes the first that works: the system call itself, which costs
 * no process, else mount(8) since 2.42.
 *
 * @returns `null` where there is none
 */
function findWay(): PutBeneath | null {
  const moveMount = loadMoveMount();
  if (moveMount !== null && isKnown(moveMount))
    return (from, to) => moveMount(from, to, MOVE_MOUNT_BENEATH) === 0;
  return isKnownToMount() ? putBeneathWithMount : null;
}

const way = (): PutBeneath | null => {
  if (found === undefined) found = findWay();
  return found;
};

/** Whether a mount can be put beneath another one, as far as it can be told without trying. */
export function canPutBeneath(): boolean {
  return way() !== null;
}

/**
 * Moves a finished mount, with all that is mounted on it, beneath what is seen at a place. Nobody sees a difference until
 * that is unmounted, and then nothing else than the other mount.
 *
 * @returns `false` where it cannot be done, or the kernel refused; then all is as it was
 * @throws CommandMissingError
 */
export function putBeneath(from: string, to: string, lock: number): boolean {
  return way()?.(from, to, lock) ?? false;
}

/** An older kernel does not know the flag, and says so before it looks at the paths; others find them to be empty. */
function isKnown(moveMount: MoveMount): boolean {
  return moveMount('', '', MOVE_MOUNT_BENEATH) === constants.errno.ENOENT;
}

function isKnownToMount(): boolean {
  const kernel = coerce(release());
  if (kernel === null || !gte(kernel, KERNEL)) return false;
  return /--beneath\b/.test(runCommand(['mount', '--help']).stdout);
}

/** With mount(2), which cannot do it, mount(8) would put it on top. */
function putBeneathWithMount(from: string, to: string, lock: number): boolean {
  const settings = { descriptors: [lock], env: { LIBMOUNT_FORCE_MOUNT2: 'never' } };
  return runCommand(commands.moveBeneath(from, to), settings).status === 0;
}
