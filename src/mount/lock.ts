import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { naming } from '../host/files.js';
import { CommandFailedError, CommandMissingError, type CommandResult, runCommand } from '../host/process.js';
import { errorCode, isMissing } from '../host/root.js';
import { directCalls } from './direct.js';
import { noteIn } from './lock-note.js';
import { pollLock } from './poll-lock.js';
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
  /** What a call that was killed has noted and not done. */
  readonly note: string | null;
  /** Writes one line into the lock file, for the next call if this one is killed; `null` takes it away. */
  takeDown(note: string | null): void;
  /** What cannot be removed stays and does no harm. @returns why it could not, `null` if it could */
  release(): unknown;
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
  for (let claimed: readonly string[] = []; ; ) {
    const directory = makeStateDirectory(claimed);
    claimed = directory.made;
    const path = join(directory.path, `${key}.lock`);
    let opened: Opened | null = null;
    try {
      opened = open(path);
      if (opened === null) continue;
      const { descriptor } = opened;
      wait(descriptor, settings);
      // Whoever had the lock before us removed the file when it was done. A lock on a removed file is none.
      if (isSameFile(descriptor, path)) return takeOver(descriptor, path, directory);
      closeSync(descriptor);
    } catch (error) {
      if (opened !== null) giveUp(opened, path);
      removeStateDirectory(directory);
      throw error;
    }
  }
}

/** If the last holder was killed, its lock file still says which directories it had made, and what it was at. */
function takeOver(descriptor: number, path: string, { path: place, made: own }: StateDirectory): Lock {
  const text = naming(path, () => readFileSync(descriptor, 'utf8'));
  const inherited = text
    .split('\n')
    .filter((line) => line.startsWith('/') && `${place}/`.startsWith(`${line}/`));
  const made = [...new Set([...own, ...inherited.sort((a, b) => b.length - a.length)])];
  const directory = { path: place, made };
  const note = noteIn(text);
  const takeDown = (line: string | null) =>
    naming(path, () =>
      rewrite(descriptor, [process.pid, ...made, ...(line === null ? [] : [line]), ''].join('\n')),
    );
  takeDown(note);
  return { descriptor, directory, note, takeDown, release: () => release(descriptor, path, directory) };
}

/** In this order: killed in between, it still has all that it should have. */
function rewrite(descriptor: number, text: string): void {
  writeSync(descriptor, text, 0);
  ftruncateSync(descriptor, Buffer.byteLength(text));
}

/** A file that this call has made goes again, unless another call has taken the lock in the meantime: then it removes the file. */
function giveUp({ descriptor, isNew }: Opened, path: string): void {
  try {
    if (isNew && flock(descriptor, 0) && isSameFile(descriptor, path)) unlinkSync(path);
  } catch {
    // It stays, empty, and does no harm.
  } finally {
    closeSync(descriptor);
  }
}

interface Opened {
  readonly descriptor: number;
  readonly isNew: boolean;
}

function open(path: string): Opened | null {
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
  let result: CommandResult;
  try {
    result = runCommand(['flock', '-x', ...limit, '3'], { descriptors: [descriptor] });
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    return pollLock(descriptor, seconds, error);
  }
  if (result.status === 0) return true;
  // That of busybox does not know `-w`, and prints its usage.
  if (result.status === CONFLICT && result.stderr !== '')
    return pollLock(descriptor, seconds, new CommandFailedError(result));
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

function release(descriptor: number, path: string, directory: StateDirectory): unknown {
  let failure: unknown = null;
  try {
    // Removed while it is still locked: a waiting call then finds that its file is gone, and makes a new one.
    unlinkSync(path);
  } catch (error) {
    if (!isMissing(error)) failure = error;
  }
  // The directories too, or what waits would find some of them, and not take them for its own.
  removeStateDirectory(directory);
  closeSync(descriptor);
  return failure;
}
