import { accessSync, constants, lstatSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatDevice } from '../host/device.js';
import { outerUserId } from '../host/privileges.js';
import { errorCode } from '../host/root.js';

/** A directory for the lock or the workspace cannot be made, or is not ours alone. */
export class StateDirectoryError extends Error {}

/** The directory of the original, mode 0700, so that nobody else reads or holds what is below it. */
export const SYSTEM_DIRECTORY = '/run/systemd/sysext';

/** A directory for locks and workspaces. */
export interface StateDirectory {
  readonly path: string;
  /** What goes again when it is empty: the directory itself and the parents that had to be made for it, deepest first. */
  readonly made: readonly string[];
}

/**
 * Makes the directory that holds locks and workspaces: below `/run` where we may write there, else one of this
 * user's own (a user namespace maps us to root, but `/run` still belongs to the machine's root).
 *
 * @throws StateDirectoryError
 */
export function makeStateDirectory(): StateDirectory {
  const shared = make(SYSTEM_DIRECTORY, ['EACCES', 'EPERM', 'EROFS', 'not-ours']);
  if (shared !== null) return shared;
  const path = ownDirectory();
  const own = make(path, []);
  if (own === null) throw new StateDirectoryError(`Failed to make the directory '${path}'`);
  return own;
}

/**
 * Where {@link makeStateDirectory} would make it; nothing is made.
 *
 * @param isPrivileged whether this process is the one that will; else the machine's root is
 */
export function findStateDirectory(isPrivileged: boolean): string {
  if (!isPrivileged || mayMake(SYSTEM_DIRECTORY)) return SYSTEM_DIRECTORY;
  return ownDirectory();
}

function ownDirectory(): string {
  return join(process.env['XDG_RUNTIME_DIR'] || tmpdir(), `sysext-${outerUserId()}`);
}

function mayMake(path: string): boolean {
  try {
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    if (!isThere) return mayMake(dirname(path));
    accessSync(path, constants.W_OK);
    return path !== SYSTEM_DIRECTORY || isOursAlone(path);
  } catch {
    return false;
  }
}

/** Removes what {@link makeStateDirectory} made, as far as it is empty. */
export function removeStateDirectory(directory: StateDirectory): void {
  for (const path of directory.made) {
    try {
      rmdirSync(path);
    } catch {
      // Another call uses it, or the file system became read-only: then it stays, empty and harmless.
      return;
    }
  }
}

/** A name for a root that no other root has, and that stays the same from call to call. */
export function keyOf(root: string): string {
  const { dev, ino } = statSync(root, { bigint: true });
  return `root-${formatDevice(dev).replace(':', '-')}-${ino}`;
}

/** Calls that end remove what is empty, so a directory can vanish again at once; but not for ever. */
const ATTEMPTS = 1000;

/**
 * @param hopeless errors that are no reason to fail, but to look for another place
 * @returns `null` for one of these
 */
function make(path: string, hopeless: readonly string[]): StateDirectory | null {
  for (let attempt = 1; ; attempt++) {
    const made: string[] = [path];
    try {
      makeParents(dirname(path), made);
      makeOne(path, 0o700);
      if (isOursAlone(path)) {
        accessSync(path, constants.W_OK);
        return { path, made };
      }
    } catch (cause) {
      const code = errorCode(cause) ?? '';
      if (code === 'ENOENT' && attempt < ATTEMPTS) continue;
      if (hopeless.includes(code)) return null;
      throw new StateDirectoryError(`Failed to make the directory '${path}'`, { cause });
    }
    if (hopeless.includes('not-ours')) return null;
    throw new StateDirectoryError(`'${path}' is not a directory of this user alone; remove it`);
  }
}

/** In a place that others may write to, the directory could be somebody else's, or a symlink to anywhere. */
function isOursAlone(path: string): boolean {
  const status = lstatSync(path);
  return status.isDirectory() && status.uid === process.geteuid?.() && (status.mode & 0o022) === 0;
}

function makeParents(path: string, made: string[]): void {
  if (path === '/' || statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  makeParents(dirname(path), made);
  if (makeOne(path, 0o755)) made.splice(1, 0, path);
}

/** @returns false if it existed already */
function makeOne(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
