import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { CommandFailedError, runCommand } from '../host/process.js';
import { errorCode } from '../host/root.js';
import { directCalls } from './direct.js';
import { makeStateDirectory, removeStateDirectory, type StateDirectory } from './state-directory.js';

/** Another call holds the lock of the same root for longer than this one would wait. */
export class LockTimeoutError extends Error {
  constructor(
    readonly seconds: number,
    readonly holder: string | null,
  ) {
    super(`Timed out after ${seconds} s`);
  }
}

/** The wait for the lock was ended by a signal (Ctrl-C reaches flock(1) as well). */
export class LockInterruptedError extends Error {}

export interface Lock {
  /** The open lock file. Programs that get it as a descriptor keep the lock until they end, even if we are killed. */
  readonly descriptor: number;
  readonly directory: StateDirectory;
  release(): void;
}

export interface LockSettings {
  /** Seconds to wait; `null` waits for ever. */
  readonly timeout: number | null;
  /** Called once when the wait has taken a second. @param holder process id of the other call, if known */
  onWait(holder: string | null): void;
}

/** flock(1) ends with this status when it did not get the lock in time. */
const CONFLICT = 1;
const SECONDS_BEFORE_MESSAGE = 1;

/**
 * Locks a root for writing: the calls that mount or unmount something on the same root go one after the other.
 * The lock is a flock(2) lock on a file named after the root; it goes with the processes that have the file open,
 * so none is ever stale.
 *
 * @throws LockTimeoutError, LockInterruptedError, StateDirectoryError, CommandMissingError for flock(1)
 */
export function lockRoot(key: string, settings: LockSettings): Lock {
  for (;;) {
    const directory = makeStateDirectory();
    const path = join(directory.path, `${key}.lock`);
    const opened = open(path);
    if (opened === null) continue;
    const { descriptor, isNew } = opened;
    try {
      wait(descriptor, settings);
    } catch (error) {
      // Nobody ever had a lock on a file that is new and still empty.
      if (isNew && fstatSync(descriptor).size === 0) rmSync(path, { force: true });
      closeSync(descriptor);
      removeStateDirectory(directory);
      throw error;
    }
    // Whoever had the lock before us removed the file when it was done. A lock on a removed file is none.
    if (isSameFile(descriptor, path)) {
      const made = [...new Set([...directory.made, ...inheritedFrom(descriptor, directory)])];
      ftruncateSync(descriptor);
      writeSync(descriptor, [process.pid, ...made, ''].join('\n'), 0);
      const all = { path: directory.path, made };
      return { descriptor, directory: all, release: () => release(descriptor, path, all) };
    }
    closeSync(descriptor);
  }
}

/** If the last holder was killed, its lock file still says which directories it had made. */
function inheritedFrom(descriptor: number, { path }: StateDirectory): string[] {
  return readFileSync(descriptor, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line.startsWith('/') && `${path}/`.startsWith(`${line}/`))
    .sort((a, b) => b.length - a.length);
}

function open(path: string): { descriptor: number; isNew: boolean } | null {
  const flags = constants.O_RDWR | constants.O_NOFOLLOW;
  for (const more of [constants.O_CREAT | constants.O_EXCL, 0]) {
    try {
      return { descriptor: openSync(path, flags | more, 0o600), isNew: more !== 0 };
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EEXIST' && more !== 0) continue;
      // The file, or the directory, went away with the previous holder, right after we made sure of it.
      if (code === 'ENOENT') return null;
      throw error;
    }
  }
  return null;
}

function wait(descriptor: number, { timeout, onWait }: LockSettings): void {
  if (flock(descriptor, Math.min(timeout ?? SECONDS_BEFORE_MESSAGE, SECONDS_BEFORE_MESSAGE))) return;
  if (timeout !== null && timeout <= SECONDS_BEFORE_MESSAGE)
    throw new LockTimeoutError(timeout, holderOf(descriptor));
  onWait(holderOf(descriptor));
  if (!flock(descriptor, timeout === null ? null : timeout - SECONDS_BEFORE_MESSAGE)) {
    throw new LockTimeoutError(timeout ?? 0, holderOf(descriptor));
  }
}

/** `sys/file.h` */
const LOCK_EX = 2;
const LOCK_NB = 4;

function flock(descriptor: number, seconds: number | null): boolean {
  // The lock belongs to the open file, whichever process asked for it. To wait for it is for flock(1), which a signal ends.
  if (directCalls()?.lock(descriptor, LOCK_EX | LOCK_NB) === 0) return true;
  const limit = seconds === null ? [] : seconds === 0 ? ['-n'] : ['-w', String(seconds)];
  const result = runCommand(['flock', '-x', ...limit, '3'], { descriptors: [descriptor] });
  if (result.status === 0) return true;
  if (result.status === CONFLICT) return false;
  if (result.signal !== null) throw new LockInterruptedError();
  throw new CommandFailedError(result);
}

/**
 * Looks whether somebody holds the lock of a root, without waiting. To find that out it has to be taken, for as long as it
 * takes flock(1) to end: only a call that begins right then and does not wait at all would be disturbed. So it should be asked
 * only where there is a reason to.
 *
 * @param path the lock file
 * @returns `null` where there is no such file, so nobody does; `holder` is the process id, if known
 * @throws the error of open(2), CommandMissingError and CommandFailedError for flock(1)
 */
export function lookAtLock(path: string): { readonly held: boolean; readonly holder: string | null } | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    const held = !flock(descriptor, 0);
    return { held, holder: holderOf(descriptor) };
  } finally {
    closeSync(descriptor);
  }
}

function holderOf(descriptor: number): string | null {
  const buffer = Buffer.alloc(16);
  const text = buffer.toString('ascii', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  return /^\d+(?=\n)/.exec(text)?.[0] ?? null;
}

function isSameFile(descriptor: number, path: string): boolean {
  const ours = fstatSync(descriptor, { bigint: true });
  const there = statSync(path, { bigint: true, throwIfNoEntry: false });
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}

function release(descriptor: number, path: string, directory: StateDirectory): void {
  // Removed while it is still locked: a waiting call then finds that its file is gone, and makes a new one.
  rmSync(path, { force: true });
  // The directories too, or what waits would find some of them, and not take them for its own.
  removeStateDirectory(directory);
  closeSync(descriptor);
}
