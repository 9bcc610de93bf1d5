import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readMountNamespaces } from '../host/mount-namespaces.js';
import { mayMount } from '../host/privileges.js';
import { CommandMissingError } from '../host/process.js';
import { errorCode } from '../host/root.js';
import { findAbandoned, type Places } from '../install/places.js';
import { lookAtLock } from '../mount/lock.js';
import { hasNote } from '../mount/lock-note.js';
import { type DeviceRecord, readDeviceRecords } from '../mount/mapped/record.js';
import { foreseeStateDirectory, keyOf, SYSTEM_DIRECTORY } from '../mount/state-directory.js';
import { isWorkspaceOpen, type JournalEntry, readJournal, workspaceAt } from '../mount/workspace.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { findLooks } from './looks.js';
import { findWorkDirectories, isDirectory } from './work-directories.js';

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
  /** A lock file in which is noted what an unmerge had begun to take off. */
  | { readonly kind: 'unmerge'; readonly path: string }
  /** A directory in which an image was looked at. */
  | { readonly kind: 'look'; readonly path: string }
  /** What was being installed or removed, under a name that nobody takes for an extension. */
  | { readonly kind: 'stage'; readonly path: string }
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
 * @param places where extensions are installed
 */
export function findLeftovers(
  root: string,
  names: readonly string[],
  hierarchies: readonly Hierarchy[],
  places: Places,
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
      ...stages(root, places, hierarchies),
    ],
    atWork,
    untold,
  };
}

/** One of them that this user may not look into is none of this user's. */
function stages(root: string, places: Places, hierarchies: readonly Hierarchy[]): Leftover[] {
  try {
    return findAbandoned(root, places, hierarchies).map((path) => ({ kind: 'stage', path }));
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    return [];
  }
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
      : traces.map(
          (path) => ({ kind: path === lockFile && hasNote(path) ? 'unmerge' : 'trace', path }) as const,
        );
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
