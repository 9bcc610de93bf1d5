import { lstatSync, readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CommandMissingError, runCommand } from './process.js';

/** A mark by which overlayfs removes something of the layers below, and a place that does not take it. */
export interface LostMark {
  /** Relative path of the file that is one, or has it. */
  readonly file: string;
  readonly mark: 'whiteout' | 'opaque' | 'redirect';
  /** The directory to copy to. */
  readonly place: string;
}

/**
 * Asked when copying a tree has failed: whether that is because no whiteout can be made where it was copied to.
 *
 * @param source the tree
 * @param place an existing directory
 * @returns `null` if there is another reason
 * @throws the errors of readdir(2)
 */
export function findLostWhiteout(source: string, place: string): LostMark | null {
  const [file] = whiteoutsIn(source);
  if (file === undefined || takesWhiteouts(place)) return null;
  return { file, mark: 'whiteout', place };
}

/** Character devices with the number 0 (kernel: filesystems/overlayfs), by relative paths. @throws the errors of readdir(2) */
export function* whiteoutsIn(source: string): Generator<string> {
  const ahead = [''];
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    for (const entry of readdirSync(join(source, at), { withFileTypes: true })) {
      const file = join(at, entry.name);
      if (entry.isDirectory()) ahead.push(file);
      if (entry.isCharacterDevice() && lstatSync(join(source, file)).rdev === 0) yield file;
    }
  }
}

function takesWhiteouts(place: string): boolean {
  const trial = join(place, `.#sysext-mark-${process.pid}`);
  try {
    const { status, stderr } = runCommand(['mknod', trial, 'c', '0', '0']);
    // EPERM, EOPNOTSUPP, ENOSYS; where there is no room, that is another reason.
    if (status !== 0) return !/not (permitted|supported|implemented)/.test(stderr);
    unlinkSync(trial);
    return true;
  } catch (error) {
    // Without mknod(1) nothing is claimed.
    if (error instanceof CommandMissingError) return true;
    throw error;
  }
}
