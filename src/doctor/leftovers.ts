import { lstatSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInUse, type MountNamespaces, readMountNamespaces } from '../host/mount-namespaces.js';
import { mayMount } from '../host/privileges.js';
import { CommandMissingError } from '../host/process.js';
import { errorCode, resolveNewBelow } from '../host/root.js';
import { lookAtLock } from '../mount/lock.js';
import { type DeviceRecord, readDeviceRecords } from '../mount/mapped/record.js';
import { foreseeStateDirectory, keyOf, LOOK_PREFIX, SYSTEM_DIRECTORY } from '../mount/state-directory.js';
import { isWorkspaceOpen, type JournalEntry, readJournal, workspaceAt } from '../mount/workspace.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { fileNameOf, WRITE_DIRECTORIES, workDirectoriesOf } from '../overlay/mutable.js';
import { findWorkDirectory } from '../overlay/work-directory.js';

/** What a call that was killed has left. */
export type Leftover =
  | {
      /** Its workspace is still mounted. */
      readonly kind: 'workspace';
      readonly path: string;
      /**
       * - `half-done`: it was in the middle of its plan, which has to be undone
       * - `not-tidied`: it had done its work, but not tidied up
       * - `nothing-shown`: it had shown nothing yet
       */
      readonly phase: 'half-done' | 'not-tidied' | 'nothing-shown';
      /** Those that its plan was about. */
      readonly hierarchies: readonly string[];
      /** Loop devices and mapped ones that it had made. */
      readonly devices: readonly string[];
    }
  /** A lock file that nobody holds, or the directory for a workspace. They disturb nobody. */
  | { readonly kind: 'trace'; readonly path: string }
  /** A directory in which an image was looked at. */
  | { readonly kind: 'look'; readonly path: string }
  /** Of a writable overlay that is mounted no more. */
  | { readonly kind: 'work-directory'; readonly path: string; readonly hierarchy: string };

export interface Leftovers {
  readonly left: readonly Leftover[];
  /** Another call is at work on the same root, so what it has made belongs to it. */
  readonly atWork: { readonly process: string | null } | null;
  /** Where it could not be told whether something is left. */
  readonly untold: readonly string[];
}

/**
 * Looks for what killed calls have left: of this root in the state directory and beside the write directories, of this
 * user in the directory for temporary files. Changes nothing.
 *
 * @param names of all hierarchies
 * @param hierarchies those that exist, with what is merged there
 */
export function findLeftovers(
  root: string,
  names: readonly string[],
  hierarchies: readonly Hierarchy[],
): Leftovers {
  const namespaces = readMountNamespaces();
  const place = placeOfLocks();
  const { left, atWork, untold } = place === null ? NOTHING : lookIn(place, keyOf(root));
  // What a call is at work on may be its own.
  const isQuiet = atWork === null && untold.length === 0;
  return {
    left: [
      ...left,
      ...(isQuiet ? findWorkDirectories(root, names, hierarchies, namespaces) : []),
      ...findLooks(namespaces),
    ],
    atWork,
    untold,
  };
}

/**
 * Where a call of this user would have its lock: what is left is mended there. Of an ordinary user's question it is the
 * machine's. Elsewhere it would be somebody else's, who could put anything there.
 */
function placeOfLocks(): string | null {
  if (!mayMount()) return SYSTEM_DIRECTORY;
  const outlook = foreseeStateDirectory();
  return outlook.kind === 'none' ? null : outlook.path;
}

function lookIn(place: string, key: string): Leftovers {
  const [directory, lockFile] = [join(place, key), join(place, `${key}.lock`)];
  try {
    const isOpen = isWorkspaceOpen(directory);
    // A directory with files that are none of ours is left alone, by every call.
    const hasDirectory = isOpen || (isDirectory(directory) && readdirSync(directory).length === 0);
    const hasLock = lstatSync(lockFile, { throwIfNoEntry: false }) !== undefined;
    const traces = [...(hasLock ? [lockFile] : []), ...(hasDirectory ? [directory] : [])];
    if (traces.length === 0) return NOTHING;
    const lock = lookAtLock(lockFile);
    if (lock?.held) return { ...NOTHING, atWork: { process: lock.holder } };
    const left = isOpen
      ? [describeWorkspace(directory)]
      : traces.map((path) => ({ kind: 'trace', path }) as const);
    return { ...NOTHING, left };
  } catch (error) {
    const isForbidden = ['EACCES', 'EPERM', 'ELOOP'].includes(errorCode(error) ?? '');
    if (!isForbidden && !(error instanceof CommandMissingError)) throw error;
    return { ...NOTHING, untold: [place] };
  }
}

const NOTHING: Leftovers = { left: [], atWork: null, untold: [] };

function describeWorkspace(path: string): Leftover {
  const workspace = workspaceAt(path, -1);
  const entries = readJournal(workspace);
  const isDone = entries.some(({ kind }) => kind === 'done');
  const phase = entries.length === 0 ? 'nothing-shown' : isDone ? 'not-tidied' : 'half-done';
  const devices = readDeviceRecords(workspace).flatMap(nameOfDevice);
  return { kind: 'workspace', path, phase, hierarchies: [...new Set(entries.flatMap(hierarchyOf))], devices };
}

function nameOfDevice(record: DeviceRecord): string | [] {
  if (record.kind === 'loop-wanted') return [];
  return record.kind === 'loop' ? record.device : `/dev/mapper/${record.name}`;
}

const hierarchyOf = (entry: JournalEntry): string | [] => ('hierarchy' in entry ? entry.hierarchy : []);

/**
 * Work directories that no overlay uses: neither what is merged here, nor any that can be seen in another mount namespace.
 * They are beside the write directories, and nothing else there has their names.
 */
export function findWorkDirectories(
  root: string,
  names: readonly string[],
  hierarchies: readonly Hierarchy[],
  namespaces: MountNamespaces = readMountNamespaces(),
): Leftover[] {
  if (!namespaces.isComplete) return [];
  return names.flatMap((name) => {
    const work = hierarchies.find((hierarchy) => hierarchy.name === name)?.merge?.work ?? null;
    const used = work === null ? null : findWorkDirectory(root, name, work);
    return workDirectoriesFor(root, name)
      .filter((path) => path !== used && isDirectory(path) && !isInUse(namespaces, path))
      .map((path) => ({ kind: 'work-directory', path, hierarchy: name }) as const);
  });
}

function workDirectoriesFor(root: string, name: string): readonly string[] {
  try {
    return workDirectoriesOf(resolveNewBelow(root, join(WRITE_DIRECTORIES, fileNameOf(name))), name);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}

function isDirectory(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** In milliseconds: a directory that is younger may be about to be mounted on; and who sees not all processes waits. */
const YOUNG = 10 * 60 * 1000;

/** Only directories of this user, no symlinks, that nothing is mounted on in any mount namespace that can be seen. */
function findLooks(namespaces: MountNamespaces): Leftover[] {
  if (!namespaces.isComplete) return [];
  return namesIn(tmpdir())
    .filter((name) => name.startsWith(LOOK_PREFIX))
    .map((name) => join(tmpdir(), name))
    .filter((path) => {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined || !found.isDirectory() || found.uid !== process.geteuid?.()) return false;
      return Date.now() - found.mtimeMs > YOUNG && !isInUse(namespaces, path);
    })
    .map((path) => ({ kind: 'look', path }));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}
