import type { ReadEntry } from 'tar';
import { PackError } from '../problem.js';
import { openTarTarget, type TarTarget } from './tar-target.js';

/** More entries, or bytes, no honest archive has. */
const MOST_ENTRIES = 1_000_000;
const MOST_BYTES = 64 * 1024 ** 3;

/** Directories that belong below /usr: in trees older than the merge of both they are beside it. */
const BELONG_TO_USR = /^(bin|sbin|lib|lib32|lib64|libx32|libo32)$/;

const TYPES: ReadonlySet<string> = new Set([
  'File',
  'OldFile',
  'ContiguousFile',
  'Directory',
  'SymbolicLink',
  'Link',
]);

/** What is wanted of an archive. */
export interface TarSettings {
  /** How the user calls it. */
  readonly archive: string;
  /** Top directories that are taken. */
  readonly wanted: readonly string[];
  /** Whether it is a layer of an image, that may remove something of those before. */
  readonly isLayer: boolean;
  /** Is told whose a directory or file is. */
  readonly onOwner?: (place: string, user: number, group: number) => void;
}

/**
 * Unpacks those parts of a tar archive that are wanted. An entry that leads out of it, by its name or by the link that it is, is
 * refused, and the archive with it; so is a device. All files are this user's.
 *
 * @param file not compressed
 * @param directory exists; free of symlinks
 * @returns top directories of which nothing was taken
 * @throws PackError, the errors of Node's file functions
 */
export async function unpackTar(
  file: string,
  directory: string,
  settings: TarSettings,
): Promise<ReadonlySet<string>> {
  const { list } = await import('tar');
  return unpackTarBy(list, file, directory, settings);
}

/** The function that lists archives: what unpacks none does not load it. */
export type List = typeof import('tar').list;

/** The same, where it is loaded. */
export function unpackTarBy(
  list: List,
  file: string,
  directory: string,
  settings: TarSettings,
): ReadonlySet<string> {
  const target = openTarTarget(directory);
  try {
    // What a layer removes goes before the layer is laid upon the others.
    if (settings.isLayer) readTar(list, file, settings, (_entry, place) => target.removeMarked(place));
    return readTar(list, file, settings, (entry, place) => take(entry, place, settings, target));
  } finally {
    target.close();
  }
}

/** @param visit gets each entry that is wanted, with where it belongs */
function readTar(
  list: List,
  file: string,
  { archive, wanted }: TarSettings,
  visit: (entry: ReadEntry, place: string) => void,
): ReadonlySet<string> {
  const leftOut = new Set<string>();
  let [entries, bytes] = [0, 0];
  const onReadEntry = (entry: ReadEntry) => {
    entries += 1;
    bytes += entry.size;
    if (entries > MOST_ENTRIES || bytes > MOST_BYTES)
      refuse(archive, entry.path, 'there is too much before it');
    const place = placeOf(archive, entry.path);
    const [top = '', ...rest] = place.split('/');
    if (!wanted.includes(top)) {
      // What is in the directory `lib` is taken, so that it is not left out itself.
      const isTaken = entry.type === 'Directory' && BELONG_TO_USR.test(top) && wanted.includes('usr');
      if (top !== '' && !isTaken) leftOut.add(top);
    } else if (rest.length > 0) visit(entry, place);
    // What nobody has read is passed over.
    entry.resume();
  };
  try {
    list({ file, sync: true, strict: true, onReadEntry });
  } catch (error) {
    if (error instanceof PackError || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    const said = error instanceof Error ? error.message : String(error);
    throw new PackError({ kind: 'archive-damaged', archive, said });
  }
  return leftOut;
}

function take(
  entry: ReadEntry,
  place: string,
  { archive, wanted, isLayer, onOwner }: TarSettings,
  target: TarTarget,
): void {
  if (isLayer && target.isMark(place)) return;
  if (!TYPES.has(entry.type)) refuse(archive, entry.path, `it is a ${entry.type}`);
  if (!wanted.includes(target.resolve(place).split('/')[1] ?? ''))
    refuse(archive, entry.path, 'a symlink on the way to it leads out of what is taken');
  onOwner?.(`/${place}`, entry.uid ?? 0, entry.gid ?? 0);
  const time = entry.mtime ?? new Date(0);
  const mode = (entry.mode ?? 0o644) & 0o7777;
  switch (entry.type) {
    case 'Directory':
      return target.makeDirectory(place, mode);
    case 'SymbolicLink':
      if (!entry.linkpath) refuse(archive, entry.path, 'it is a link to nothing');
      return target.makeSymlink(place, entry.linkpath ?? '', time);
    case 'Link': {
      const isMade = target.makeLink(place, placeOf(archive, entry.linkpath ?? ''));
      if (!isMade) refuse(archive, entry.path, 'it is a link to a file that is not in the archive');
      return;
    }
    default: {
      const file = target.makeFile(place, mode, time);
      entry.on('data', (bytes) => file.write(bytes));
      entry.on('end', () => file.close());
    }
  }
}

/** Where an entry belongs, without a slash at either end. */
function placeOf(archive: string, path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse(archive, path, 'its name leads out of the archive');
  if (/[\x00-\x1f\x7f\ufffd]/.test(path))
    refuse(archive, path, 'its name has control characters, or is not UTF-8');
  const isUsr = parts.length > 1 && BELONG_TO_USR.test(parts[0] ?? '');
  return (isUsr ? ['usr', ...parts] : parts).join('/');
}

function refuse(archive: string, path: string, why: string): never {
  throw new PackError({ kind: 'hostile-entry', archive, path, why });
}
