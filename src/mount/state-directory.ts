import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatDevice } from '../host/device.js';
import { outerUserId } from '../host/privileges.js';
import { errorCode } from '../host/root.js';

/** A directory for the lock or the workspace cannot be made, or is not ours alone. */
export class StateDirectoryError extends Error {}

/** The directory of the original, mode 0700, so that nobody else reads or holds what is below it. */
export const SYSTEM_DIRECTORY = '/run/systemd/sysext';

/** What the names of directories for temporary files begin with, in which images are looked at, or mounting is tried. */
export const LOOK_PREFIX = 'sysext-look-';

/** Why the one in `/run` cannot be had, where another place will do. */
const ELSEWHERE: readonly string[] = ['EACCES', 'EPERM', 'EROFS', 'not-ours'];

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
 * @param claimed parents that this call has made before, and that are to go with the directory
 * @throws StateDirectoryError
 */
export function makeStateDirectory(claimed: readonly string[] = []): StateDirectory {
  const shared = make(SYSTEM_DIRECTORY, ELSEWHERE, claimed);
  if (shared !== null) return shared;
  const path = ownDirectory();
  const own = make(path, [], claimed);
  if (own === null) throw new StateDirectoryError(`Failed to make the directory '${path}'`);
  return own;
}

/** That of a user who may not write to `/run`. */
function ownDirectory(): string {
  return join(process.env['XDG_RUNTIME_DIR'] || tmpdir(), `sysext-${outerUserId()}`);
}

/** What {@link makeStateDirectory} would come to. */
export type StateDirectoryOutlook =
  | { readonly kind: 'shared'; readonly path: string }
  /** `code`: why the one in `/run` cannot be had. */
  | { readonly kind: 'own'; readonly path: string; readonly code: string }
  | { readonly kind: 'none'; readonly path: string; readonly code: string };

/** Looks where locks and workspaces would be, and makes nothing. */
export function foreseeStateDirectory(): StateDirectoryOutlook {
  const shared = whyNotIn(SYSTEM_DIRECTORY);
  if (shared === null) return { kind: 'shared', path: SYSTEM_DIRECTORY };
  if (!ELSEWHERE.includes(shared)) return { kind: 'none', path: SYSTEM_DIRECTORY, code: shared };
  const path = ownDirectory();
  const own = whyNotIn(path);
  return own === null ? { kind: 'own', path, code: shared } : { kind: 'none', path, code: own };
}

/** @returns why a directory cannot be made or used, as the name of an errno, or `not-ours`; `null` if it can */
function whyNotIn(path: string): string | null {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined && !isOursAlone(path)) return 'not-ours';
    let place = path;
    let found = statSync(place, { throwIfNoEntry: false });
    for (; found === undefined; found = statSync(place, { throwIfNoEntry: false })) place = dirname(place);
    if (!found.isDirectory()) return 'ENOTDIR';
    accessSync(place, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return errorCode(error) ?? 'not-ours';
  }
}

/** Removes what {@link makeStateDirectory} made, as far as it is empty. */
export function removeStateDirectory({ path, made }: StateDirectory): void {
  let parents = made.filter((one) => one !== path);
  // Something else may be in one of the parents: then they stay.
  for (let attempt = 1; attempt <= REMOVALS; attempt++) {
    parents = [...new Set([...parents, ...takeNote(path)])];
    const failure = tryToRemove(path);
    if (failure !== null && failure !== 'ENOENT' && failure !== 'ENOTEMPTY') return;
    while (failure !== 'ENOTEMPTY' && parents.length > 0 && tryToRemove(parents[0]!) === null)
      parents.shift();
    // Another call uses it, which came when the parents were there: it gets to know that they are to go as well.
    if (parents.length === 0 || !leaveNote(path, parents)) return;
  }
}

/** Others come and go at the same time, but hardly more often than this. */
const REMOVALS = 20;

/** Parents of the directory that are to go with it, a line each, deepest first. */
const NOTE = 'made';

/** @returns whether nobody is there any more who would read it */
function leaveNote(path: string, parents: readonly string[]): boolean {
  try {
    writeFileSync(join(path, NOTE), parents.map((parent) => `${parent}\n`).join(''), { mode: 0o600 });
    return readdirSync(path).every((name) => name === NOTE);
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}

function takeNote(path: string): string[] {
  const file = join(path, NOTE);
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    unlinkSync(file);
    return lines.filter((line) => line.startsWith('/') && path.startsWith(`${line}/`));
  } catch {
    return [];
  }
}

/** @returns the name of the errno, `null` for success */
function tryToRemove(path: string): string | null {
  try {
    rmdirSync(path);
    return null;
  } catch (error) {
    return errorCode(error) ?? '';
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
function make(
  path: string,
  hopeless: readonly string[],
  claimed: readonly string[] = [],
): StateDirectory | null {
  // What was made in an attempt before is this call's to remove, even if only the directory itself has gone since.
  const made = [path, ...claimed.filter((parent) => path.startsWith(`${parent}/`))];
  for (let attempt = 1; ; attempt++) {
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
      removeStateDirectory({ path, made });
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
  if (makeOne(path, 0o755) && !made.includes(path)) made.splice(1, 0, path);
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
