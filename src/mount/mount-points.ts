import { type Dirent, lstatSync, mkdirSync, readdirSync, type Stats, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, isMissing } from '../host/root.js';
import type { Step } from '../overlay/step.js';
import type { Submount } from '../overlay/submounts.js';
import { makeAlike } from './alike.js';

/** Something that is no place for a mount is in its way: a symlink, which mount(8) would follow wherever it leads, or a file. */
export class MountPointError extends Error {
  constructor(
    readonly path: string,
    /** Where the mount was to be shown. */
    readonly mountPoint: string,
  ) {
    super(`'${path}' is in the way of the mount '${mountPoint}'`);
  }
}

/**
 * A mount point that is not seen in the layers is made in the metadata layer, which is the top one: an extension that had it
 * may have been replaced, and another one may have a symlink or a file in its place, which the mount then hides.
 * Directories on the way look as in the layer that is seen there.
 */
export function makeMountPoints(
  { metadata, mountPoints }: Extract<Step, { kind: 'mount-overlay' }>,
  layers: readonly string[],
): void {
  for (const { relative, isDirectory } of mountPoints) {
    const way = wayIn(layers, relative);
    const isSeen = way.every(({ seen, isLast }) => isPlace(seen, isDirectory || !isLast));
    for (const { path, seen, isLast } of isSeen ? [] : way) {
      const made = join(metadata, path);
      if (isLast && !isDirectory) writeFileSync(made, '');
      else mkdirSync(made, { recursive: true, mode: 0o755 });
      if (seen !== undefined && 'mode' in seen && seen.isDirectory()) makeAlike(made, seen);
    }
  }
}

/** @throws MountPointError unless all on the way to a mount point, and that itself, is what it should be or not there */
export function checkMountPoint(
  base: string,
  { relative, isDirectory }: Pick<Submount, 'relative' | 'isDirectory'>,
): void {
  for (const { path, seen, isLast } of wayIn([base], relative))
    if (seen !== undefined && !isPlace(seen, isDirectory || !isLast))
      throw new MountPointError(join(base, path), join(base, relative));
}

type Seen = Stats | Dirent;

interface Place {
  /** Relative. */
  readonly path: string;
  /** What is seen there when the layers lie on each other; no symlink is followed. Of the last one only what it is. */
  readonly seen: Seen | undefined;
  readonly isLast: boolean;
}

/** All directories on the way to a path, and the path itself. @param layers top first */
function wayIn(layers: readonly string[], relative: string): Place[] {
  const parts = relative.split('/');
  let open = layers;
  return parts.map((_, index) => {
    const path = parts.slice(0, index + 1).join('/');
    const isLast = index === parts.length - 1;
    const copies = open.flatMap((layer) => {
      const look = isLast ? entryOf : statusOf;
      const status = look(join(layer, path));
      return status === undefined ? [] : [{ layer, status }];
    });
    // Below what is no directory nothing is seen.
    const end = copies.findIndex(({ status }) => !status.isDirectory());
    open = copies.slice(0, end < 0 ? undefined : end).map(({ layer }) => layer);
    return { path, seen: copies[0]?.status, isLast };
  });
}

function statusOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** Looked for in the directory, because what is mounted there may never answer. */
function entryOf(path: string): Seen | undefined {
  try {
    return readdirSync(dirname(path), { withFileTypes: true }).find(({ name }) => name === basename(path));
  } catch (error) {
    if (isMissing(error)) return undefined;
    // Who may not list a directory may still look a name up in it.
    if (errorCode(error) === 'EACCES') return statusOf(path);
    throw error;
  }
}

function isPlace(status: Seen | undefined, isDirectory: boolean): boolean {
  // A character device may be a whiteout: then nothing is seen there.
  if (status === undefined || status.isSymbolicLink() || status.isCharacterDevice()) return false;
  return status.isDirectory() === isDirectory;
}
