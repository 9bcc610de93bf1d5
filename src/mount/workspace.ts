import { appendFileSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { isFileSystemRoot } from '../host/device.js';
import { naming } from '../host/files.js';
import { readMountTable } from '../host/mount-table.js';
import { errorCode, isMissing } from '../host/root.js';
import { fileNameOf } from '../overlay/mutable.js';
import type { BuildPlaces } from '../overlay/plan.js';
import type { Cleanup, Step } from '../overlay/step.js';
import { commands, mount } from './mount-command.js';

/**
 * A tmpfs that is mounted for the time of one call, in which everything is built: images at `extensions/NAME`,
 * the metadata layers at `meta/HIERARCHY`, the overlays at `overlay/HIERARCHY`. Unmounting it takes all of that
 * away at once; what an overlay needs of it lives on inside the overlay.
 */
export interface Workspace extends BuildPlaces {
  readonly directory: string;
  readonly lock: number;
  readonly imageTable: string;
  /** Directory with the `old` places of all hierarchies. */
  readonly keptMerges: string;
  extension(name: string): string;
}

export function workspaceAt(directory: string, lock: number): Workspace {
  const inside = (folder: string) => (name: string) => join(directory, folder, name);
  const ofHierarchy = (folder: string) => (hierarchy: string) =>
    join(directory, folder, fileNameOf(hierarchy));
  return {
    directory,
    lock,
    imageTable: join(directory, 'images.fstab'),
    extension: inside('extensions'),
    metadata: ofHierarchy('meta'),
    overlay: ofHierarchy('overlay'),
    links: ofHierarchy('lower'),
    keptMerges: join(directory, 'old'),
    old: ofHierarchy('old'),
    host: (number) => join(directory, 'host', String(number)),
    ephemeral: ofHierarchy('ephemeral'),
  };
}

/** @throws MountFailedError, CommandMissingError */
export function openWorkspace(directory: string, lock: number): Workspace {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    mount(`mount a tmpfs at '${directory}'`, commands.tmpfs(directory), { lock });
  } catch (error) {
    removeMountPoint(directory);
    throw error;
  }
  return workspaceAt(directory, lock);
}

/** Whether a call was killed before it closed its workspace. */
export function isWorkspaceOpen(directory: string): boolean {
  return isFileSystemRoot(directory);
}

/**
 * mount(8) makes a copy of other mounts, and then makes that private. If it was killed in between, unmounting the copy would
 * unmount the originals. @throws MountFailedError, CommandMissingError
 */
export function keepToItself({ directory, lock }: Workspace): void {
  const isOpenToOthers = readMountTable().some(
    ({ path, isShared }) => isShared && path.startsWith(`${directory}/`),
  );
  if (isOpenToOthers) mount(`make '${directory}' private`, commands.makePrivate(directory), { lock });
}

/** Unmounts the workspace with all that is mounted below it, and removes its mount point. @throws MountFailedError */
export function closeWorkspace(workspace: Workspace): void {
  const { directory, lock } = workspace;
  keepToItself(workspace);
  while (isWorkspaceOpen(directory)) mount(`unmount '${directory}'`, commands.detach(directory), { lock });
  removeMountPoint(directory);
}

/**
 * Not recursively: should the tmpfs still be there after all, nothing in it gets lost. With files in it that are none of
 * ours the directory stays, and serves as a mount point all the same.
 */
export function removeMountPoint(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    if (!isMissing(error) && errorCode(error) !== 'ENOTEMPTY') throw error;
  }
}

/** A line of the journal: a step that was begun, or the word that the plan is done and must not be undone. */
export type JournalEntry = Step | { readonly kind: 'done'; readonly cleanup: readonly Cleanup[] };

/**
 * Written before a step is carried out, so that after a crash everything that may have happened is known. It lives
 * in the workspace: where there is no workspace, there is nothing to undo.
 */
export function writeJournal({ directory }: Workspace, entry: JournalEntry): void {
  const path = join(directory, 'journal');
  naming(path, () => appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 }));
}

export function readJournal({ directory }: Workspace): JournalEntry[] {
  let text: string;
  try {
    text = readFileSync(join(directory, 'journal'), 'utf8');
  } catch {
    return [];
  }
  // Without the newline at its end, the last line was not written whole, so its step was not begun.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalEntry);
}

export function makeDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o755 });
}
