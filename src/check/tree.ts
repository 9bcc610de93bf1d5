import { lstatSync, opendirSync, readdirSync, readlinkSync } from 'node:fs';
import { errorCode } from '../host/root.js';

/** What an entry of a tree is (inode(7)). */
export type EntryType = 'directory' | 'file' | 'symlink' | 'character' | 'block' | 'fifo' | 'socket';

/** A file, directory, … of an image. */
export interface Entry {
  /** Inside the image, absolute: `/usr/bin/foo`. Bytes that are not UTF-8 show as U+FFFD, see {@link isUtf8}. */
  readonly path: string;
  /** Whether {@link path} can be used to open it: its name is valid UTF-8, as are those of the directories above. */
  readonly isUtf8: boolean;
  readonly type: EntryType;
  /** The permission bits, set-user-id and so on: `mode & 07777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Device number of a device file. */
  readonly rdev: number;
  /** Of a symlink, as it stands there. */
  readonly target: string | null;
}

/** A place that could not be looked at. */
export interface Unreadable {
  readonly path: string;
  /** The errno name: `EACCES`, `ENAMETOOLONG`, `EIO`, … */
  readonly code: string;
}

/** All that is in an image, directories before what is in them, sorted by name in each. Without the root itself. */
export interface Tree {
  readonly entries: readonly Entry[];
  readonly byPath: ReadonlyMap<string, Entry>;
  readonly unreadable: readonly Unreadable[];
  /** There are more entries than the limit; those are not listed. */
  readonly isCut: boolean;
}

/** Many times what the largest extensions have. So many take some 200 MB of memory. */
export const ENTRY_LIMIT = 500_000;

/** Places that cannot be looked at are listed up to this number. */
const UNREADABLE_LIMIT = 1000;

interface Pending {
  readonly path: string;
  /** On the machine, as bytes. */
  readonly place: Buffer;
  readonly isUtf8: boolean;
}

/**
 * Lists a tree that may be hostile: no symlink is followed, nothing but directories is opened, depth costs no stack, and
 * no more than a limit of entries is held. What goes away meanwhile was not there.
 *
 * @param root absolute path of a directory, free of symlinks
 */
export function walkTree(root: string, limit: number = ENTRY_LIMIT): Tree {
  const entries: Entry[] = [];
  const unreadable: Unreadable[] = [];
  let isCut = false;
  const refuse = (path: string, error: unknown) => {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code !== 'ENOENT' && unreadable.length < UNREADABLE_LIMIT) unreadable.push({ path, code });
  };
  const pending: Pending[] = [{ path: '', place: Buffer.from(root), isUtf8: true }];
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    const below: Pending[] = [];
    try {
      const { names, isCut: isTooMany } = listNames(here.place, limit - entries.length);
      isCut ||= isTooMany;
      for (const name of names) {
        const text = name.toString('utf8');
        const path = `${here.path}/${text}`;
        const place = Buffer.concat([here.place, SLASH, name]);
        const isUtf8 = here.isUtf8 && Buffer.from(text).equals(name);
        try {
          const entry = describe(path, place, isUtf8);
          entries.push(entry);
          if (entry.type === 'directory') below.push({ path, place, isUtf8 });
        } catch (error) {
          refuse(path, error);
        }
      }
    } catch (error) {
      refuse(here.path || '/', error);
    }
    // One by one: a spread of very many is too much for the stack.
    for (let next = below.pop(); next !== undefined; next = below.pop()) pending.push(next);
  }
  return { entries, byPath: new Map(entries.map((entry) => [entry.path, entry])), unreadable, isCut };
}

const SLASH = Buffer.from('/');

/** Names in a directory, sorted by their bytes, of which no more are read than are wanted. */
function listNames(place: Buffer, most: number): { names: Buffer[]; isCut: boolean } {
  const { names, isCut } = listTexts(place, most);
  // Bytes that are no UTF-8 have become this character. To read all names as bytes is for directories of known size only.
  const isPlain = !names.some((name) => name.includes('\ufffd'));
  const bytes =
    isPlain || isCut
      ? names.filter((name) => !name.includes('\ufffd')).map((name) => Buffer.from(name))
      : readdirSync(place, { encoding: 'buffer' }).slice(0, most);
  return { names: bytes.sort(Buffer.compare), isCut };
}

function listTexts(place: Buffer, most: number): { names: string[]; isCut: boolean } {
  const names: string[] = [];
  const directory = opendirSync(place);
  try {
    for (let next = directory.readSync(); next !== null; next = directory.readSync()) {
      if (names.length >= most) return { names, isCut: true };
      names.push(next.name);
    }
    return { names, isCut: false };
  } finally {
    directory.closeSync();
  }
}

function describe(path: string, place: Buffer, isUtf8: boolean): Entry {
  const status = lstatSync(place);
  const type = TYPES.get(status.mode & 0o170000) ?? 'file';
  return {
    path,
    isUtf8,
    type,
    mode: status.mode & 0o7777,
    uid: status.uid,
    gid: status.gid,
    size: status.size,
    rdev: status.rdev,
    target: type === 'symlink' ? readlinkSync(place) : null,
  };
}

/** `S_IFMT` of inode(7). */
const TYPES: ReadonlyMap<number, EntryType> = new Map([
  [0o040000, 'directory'],
  [0o100000, 'file'],
  [0o120000, 'symlink'],
  [0o020000, 'character'],
  [0o060000, 'block'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
]);
