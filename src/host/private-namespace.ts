import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { CommandMissingError } from './process.js';
import { errorCode } from './root.js';
import { wordsToRepeat } from './self.js';

/** Tells a process in a namespace of its own which one it came from: it may not be allowed to look at its parent. */
export const outerNamespace = 'SYSEXT_OUTER_NAMESPACE';

/**
 * Whether this process has a mount namespace of its own, as far as it can tell: another one than its parent.
 *
 * @throws the error of readlink(2) without `/proc`
 */
export function hasPrivateNamespace(): boolean {
  const own = readlinkSync('/proc/self/ns/mnt');
  const outer = process.env[outerNamespace];
  if (outer !== undefined) return own !== outer;
  try {
    return own !== readlinkSync(`/proc/${process.ppid}/ns/mnt`);
  } catch {
    return false;
  }
}

/**
 * Runs this program once more with the same arguments, in a mount namespace of its own: what is mounted there nobody else
 * sees, and the kernel unmounts it when the program ends, however that happens (unshare(1)).
 *
 * @returns exit status; of one that was killed 128 and the number of the signal, as in a shell
 * @throws CommandMissingError; the error of readlink(2) without `/proc`
 */
export function runInPrivateNamespace(): number {
  const options = ['--mount', '--propagation=private', '--'];
  const env = { ...process.env, [outerNamespace]: readlinkSync('/proc/self/ns/mnt') };
  const { error, status, signal } = spawnSync('unshare', [...options, ...wordsToRepeat()], {
    stdio: 'inherit',
    env,
  });
  if (errorCode(error) === 'ENOENT') throw new CommandMissingError('unshare', { cause: error });
  if (error !== undefined) throw error;
  return status ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
