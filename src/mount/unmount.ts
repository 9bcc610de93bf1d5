import { CONFEXT, type ExtensionClass, SYSEXT } from '../extension-class.js';
import { type Hierarchy, type Merge, readMerge } from '../overlay/metadata.js';
import { removeWorkDirectory } from '../overlay/work-directory.js';
import type { Lock } from './lock.js';
import { commands, mount, tryToMount } from './mount-command.js';

/** Merges of one hierarchy can be stacked by other programs, but hardly more than this many. */
const MAX_STACKED = 100;

/** What comes off: a hierarchy that is merged, and the work directory of its overlay. */
export interface Leaving {
  readonly hierarchy: Pick<Hierarchy, 'path' | 'merge'>;
  /** Whether it is merged over another merge. */
  readonly isStacked: boolean;
  readonly work: string | null;
}

/** Kept in the lock file until all is done. By number and time a merge is told from one that came later. */
interface Note {
  readonly kind: 'unmerge';
  readonly class: ExtensionClass['name'];
  readonly leaving: readonly {
    readonly path: string;
    readonly device: string;
    readonly since: string;
    readonly work: string | null;
  }[];
}

/**
 * Unmounts what is merged into hierarchies, until what is on top of each is no merge of this class, all by one umount(8) if
 * it can. It is noted before: if the call is killed, the next one gets to its end ({@link finishUnmounting}).
 *
 * @returns why work directories could not be removed; they are in nobody's way
 * @throws MountFailedError, CommandMissingError, the errors of write(2)
 */
export function unmountMerges(
  leaving: readonly Leaving[],
  extensionClass: ExtensionClass,
  lock: Lock,
): unknown[] {
  if (leaving.length === 0) return [];
  lock.takeDown(describe(leaving, extensionClass));
  const command = commands.detach(...leaving.map(({ hierarchy }) => hierarchy.path));
  const isDone = tryToMount(command, { lock: lock.descriptor });
  // What could not be unmounted is tried once more, and then said.
  for (const { hierarchy, isStacked } of leaving)
    if (isStacked || !isDone) unmountStack(hierarchy.path, extensionClass, lock);
  return removeWorkDirectories(leaving);
}

function removeWorkDirectories(leaving: readonly Pick<Leaving, 'work'>[]): unknown[] {
  return leaving.flatMap(({ work }) => {
    try {
      if (work !== null) removeWorkDirectory(work);
      return [];
    } catch (error) {
      return [error];
    }
  });
}

function unmountStack(path: string, extensionClass: ExtensionClass, { descriptor: lock }: Lock): void {
  for (let count = 0; count < MAX_STACKED && readMerge(path, extensionClass) !== null; count++)
    mount(`unmount '${path}'`, commands.detach(path), { lock });
}

/**
 * Completes what a call that was killed had begun. Merges that somebody else has made since then stay.
 *
 * @returns whether there was anything to do
 * @throws MountFailedError, CommandMissingError, the errors of write(2)
 */
export function finishUnmounting(lock: Lock): boolean {
  const note = lock.note === null ? null : parse(lock.note);
  if (note === null) return false;
  const extensionClass = [SYSEXT, CONFEXT].find(({ name }) => name === note.class) ?? SYSEXT;
  for (const { path, device, since } of note.leaving) {
    const merge = readMerge(path, extensionClass);
    if (merge?.device === device && String(merge.since) === since) unmountStack(path, extensionClass, lock);
  }
  // Of a merge that came later it may be in use.
  removeWorkDirectories(note.leaving.filter(({ path }) => readMerge(path, extensionClass) === null));
  lock.takeDown(null);
  return true;
}

function describe(leaving: readonly Leaving[], extensionClass: ExtensionClass): string {
  const note: Note = {
    kind: 'unmerge',
    class: extensionClass.name,
    leaving: leaving.flatMap(({ hierarchy: { path, merge }, work }) =>
      merge === null ? [] : [{ path, work, ...identify(merge) }],
    ),
  };
  return JSON.stringify(note);
}

const identify = ({ device, since }: Merge) => ({ device, since: String(since) });

/** @returns `null` for what is none, or was not written whole: then nothing had been unmounted yet */
function parse(text: string): Note | null {
  try {
    const note = JSON.parse(text) as Partial<Note>;
    return note.kind === 'unmerge' && Array.isArray(note.leaving) ? (note as Note) : null;
  } catch {
    return null;
  }
}
