import { constants } from 'node:os';
import { lockRoot } from '../../mount/lock.js';
import { keyOf } from '../../mount/state-directory.js';
import type { Context } from '../context.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs what fetches files while no other update of the same root does. It is a lock of its own: a merge does not wait until a
 * download is over. A signal ends the call at once; the next update goes on with what was downloaded.
 *
 * @throws what lockRoot() and `action` throw
 */
export async function withoutOtherUpdates<Result>(
  { root, commandLine, log }: Context,
  action: () => Promise<Result>,
): Promise<Result> {
  const lock = lockRoot(`${keyOf(root)}-update`, {
    timeout: commandLine.lockTimeout,
    onWait: (holder) =>
      log.notice(`Waiting for another update${holder === null ? '' : ` (process ${holder})`} to finish …`),
  });
  const stop = (signal: NodeJS.Signals) => {
    lock.release();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await action();
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    lock.release();
  }
}
