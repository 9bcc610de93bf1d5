import { lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { putInPlace, syncDirectory } from '../host/put-in-place.js';
import { errorCode, findBelow, isMissing, resolveNewBelow } from '../host/root.js';
import type { Acquired } from './acquire.js';
import type { Delivery } from './decide.js';
import type { Target } from './transfer.js';

/** Where the symlink to the current version is to be, there is something else. */
export class NotSymlinkError extends Error {
  constructor(readonly path: string) {
    super(`'${path}' is no symlink`);
  }
}

/**
 * Fails if the symlink to the current version could not be made in the end. @throws NotSymlinkError, the errors of lstat(2)
 */
export function checkSymlink(target: Target, root: string): void {
  const link = linkPath(target, root);
  const found = link === null ? undefined : lstatSync(link, { throwIfNoEntry: false });
  if (found !== undefined && !found.isSymbolicLink()) throw new NotSymlinkError(link!);
}

/**
 * Gives new files their names, in the order of the transfers, lets the symlinks lead to them, and only then removes the versions
 * that are too many: a symlink may have led to one of these. At every moment each name leads to a whole file.
 *
 * @param acquired of each delivery; `null` for what is there already
 * @returns the paths that were removed
 * @throws the errors of rename(2), fsync(2), unlink(2) and symlink(2)
 */
export function installDeliveries(
  deliveries: readonly Delivery[],
  acquired: readonly (Acquired | null)[],
  root: string,
): string[] {
  for (const file of acquired) if (file !== null) putInPlace(file.temporary, file.path);
  for (const { transfer, path } of deliveries) pointTo(transfer.target, path, root);
  return deliveries.flatMap((delivery) => removeOld(delivery, root));
}

function removeOld({ transfer, remove }: Delivery, root: string): string[] {
  return remove.map(({ path }) => removeFile(transfer.target, path, root));
}

/**
 * Removes what updates that broke off have left.
 *
 * @param except what this update goes on with
 * @returns the paths
 */
export function removeTemporaries(
  { transfer, removeTemporary }: Delivery,
  root: string,
  except: string | null,
): string[] {
  return removeTemporary
    .filter((path) => path !== except)
    .map((path) => removeFile(transfer.target, path, root));
}

/** With the directories that are empty then, up to that of the target. */
function removeFile(target: Target, path: string, root: string): string {
  const place = findBelow(root, target.path);
  if (place === null) return path;
  rmSync(join(place, path), { force: true });
  syncDirectory(dirname(join(place, path)));
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    try {
      rmdirSync(join(place, parent));
    } catch (error) {
      if (!isMissing(error) && errorCode(error) !== 'ENOTEMPTY') throw error;
      break;
    }
  }
  return join(place, path);
}

/** Where the symlink to the current version is, with the root; `null` if there is to be none. */
export function linkPath({ path, currentSymlink }: Target, root: string): string | null {
  if (currentSymlink === null) return null;
  const place = currentSymlink.startsWith('/')
    ? dirname(currentSymlink)
    : join(path, dirname(currentSymlink));
  return join(resolveNewBelow(root, place), basename(currentSymlink));
}

/** What cannot be made, by a transfer file that is about something else, is in nobody's way. */
export function linkPathOrNone(target: Target, root: string): string | null {
  try {
    return linkPath(target, root);
  } catch {
    return null;
  }
}

/** @param path of a version, relative to the directory of the target. @throws the errors of symlink(2) and rename(2) */
export function pointTo(target: Target, path: string, root: string): void {
  const link = linkPath(target, root);
  if (link === null) return;
  const file = join(resolveNewBelow(root, join(target.path, dirname(path))), basename(path));
  mkdirSync(dirname(link), { recursive: true, mode: 0o755 });
  // A name that no search for images takes.
  const temporary = join(dirname(link), `.#${basename(link)}`);
  rmSync(temporary, { force: true });
  symlinkSync(relative(dirname(link), file), temporary);
  renameSync(temporary, link);
  syncDirectory(dirname(link));
}
