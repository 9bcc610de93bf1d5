import { constants } from 'node:os';
import { loadSystemCalls } from '../host/native/load-system-calls.js';
import { CommandFailedError, CommandMissingError, requireCommand, runCommand } from '../host/process.js';

/** `sys/file.h` */
const LOCK_EX = 2;
const LOCK_NB = 4;

/** Milliseconds between two looks. */
const PAUSE = 50;

/**
 * Takes a lock by trying again and again, where flock(1) cannot wait: busybox has one without `-w`, or none at all.
 *
 * @param cause why it is needed: thrown if there is no way either
 * @returns whether it was to be had before the seconds were over
 */
export function pollLock(
  descriptor: number,
  seconds: number | null,
  cause: CommandMissingError | CommandFailedError,
): boolean {
  const take = wayToTake(descriptor, cause);
  const end = seconds === null ? Number.POSITIVE_INFINITY : performance.now() + seconds * 1000;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (!take()) {
    const left = end - performance.now();
    if (left <= 0) return false;
    Atomics.wait(sleeper, 0, 0, Math.min(PAUSE, left));
  }
  return true;
}

function wayToTake(descriptor: number, cause: CommandMissingError | CommandFailedError): () => boolean {
  const calls = loadSystemCalls();
  if (calls !== null) return () => isTaken(calls.lock(descriptor, LOCK_EX | LOCK_NB), cause);
  if (cause instanceof CommandMissingError) throw cause;
  return () => {
    const result = runCommand(['flock', '-x', '-n', '3'], { descriptors: [descriptor] });
    if (result.stderr !== '' || result.status === null) throw new CommandFailedError(result);
    return result.status === 0;
  };
}

function isTaken(outcome: number, cause: Error): boolean {
  if (outcome !== 0 && outcome !== constants.errno.EAGAIN && outcome !== constants.errno.EINTR) throw cause;
  return outcome === 0;
}

/** Sees to it that there is a way to lock. @throws CommandMissingError */
export function requireLock(): void {
  try {
    requireCommand('flock');
  } catch (error) {
    if (loadSystemCalls() === null) throw error;
  }
}
