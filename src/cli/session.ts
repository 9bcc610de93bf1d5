import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mayMount } from '../host/privileges.js';
import { requireCommand } from '../host/process.js';
import { type Lock, lockRoot } from '../mount/lock.js';
import { requireLock } from '../mount/poll-lock.js';
import { recover } from '../mount/recover.js';
import { keyOf } from '../mount/state-directory.js';
import { finishUnmounting } from '../mount/unmount.js';
import type { Context } from './context.js';
import type { ServiceFollower } from './service-follower.js';
import { NoProcError, NotPrivilegedError } from './unfit-error.js';

/** The time in which nobody else mounts or unmounts anything on the same root. */
export interface Session {
  /** Where the workspace is mounted if one is needed. */
  readonly directory: string;
  /** Descriptor of the lock file. */
  readonly lock: number;
  readonly lockFile: Lock;
  readonly services: ServiceFollower;
}

/** @returns exit status */
type Action = (session: Session) => number | Promise<number>;

/**
 * Runs what changes mounts: with the lock of the root, after anything that a killed call has left is cleaned up. When the
 * lock is released, the service manager follows, also after a failure: a service may have been stopped for nothing.
 * What it awaits is nothing but the loading of modules.
 *
 * @returns exit status
 * @throws NotPrivilegedError, what lockRoot() and recover() throw, what `action` throws
 */
export async function withSession(context: Context, action: Action): Promise<number> {
  if (!mayMount()) throw new NotPrivilegedError(process.geteuid?.() === 0);
  // Better now than when the first of them is done, and the other one would be needed to undo it.
  requireLock();
  for (const program of ['mount', 'umount']) requireCommand(program);
  if (!existsSync('/proc/self/mountinfo')) throw new NoProcError();
  const services = await followServices(context);
  let followed = 0;
  let status: number;
  try {
    status = await withLock(context, services, action);
  } finally {
    followed = services.finish();
  }
  // That it failed says more than how many extensions were ignored.
  return followed || status;
}

/** Nobody follows with `--no-reload`, and what is below another root is not what runs. */
async function followServices(context: Context): Promise<ServiceFollower> {
  if (context.commandLine.noReload) return { beforeChange: () => {}, afterChange: () => {}, finish: () => 0 };
  return (await import('./service-follower.js')).followServices(context);
}

async function withLock(context: Context, services: ServiceFollower, action: Action): Promise<number> {
  const { log, root } = context;
  const key = keyOf(root);
  const lock = lockRoot(key, {
    timeout: context.commandLine.lockTimeout,
    onWait: (holder) =>
      log.notice(`Waiting for another call${holder === null ? '' : ` (process ${holder})`} to finish …`),
  });
  try {
    surviveSignals();
    const directory = join(lock.directory.path, key);
    const leftover = recover(directory, lock.descriptor);
    if (leftover === 'unfinished-plan')
      log.warning('Undid what an earlier call that was killed had left half done.');
    if (leftover === 'workspace') log.debug('Removed the workspace of an earlier call that was killed.');
    if (finishUnmounting(lock)) log.warning('Finished the unmerge of an earlier call that was killed.');
    return await action({ directory, lock: lock.descriptor, lockFile: lock, services });
  } finally {
    const failure = lock.release();
    if (failure !== null) {
      const { describeError } = await import('../report/errors.js');
      for (const line of describeError(failure) ?? [String(failure)]) log.warning(line);
    }
  }
}

/**
 * With a handler, a signal no longer ends the process at once. All that follows is synchronous, but the loading of
 * modules, so the plan is carried out, or undone, to its end. What cannot be caught is repaired by the next call.
 */
function surviveSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
}
