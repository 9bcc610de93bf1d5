import { type BigIntStats, readdirSync, readlinkSync, statfsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { errorCode, findBelow, insideRoot, isMissing } from '../host/root.js';
import type { Image, PassedOver } from './image.js';
import {
  checkImageName,
  imageNameOf,
  parseVersionedDirectoryName,
  type VersionedDirectoryName,
} from './image-name.js';
import { type DirectoryFile, pickVersion } from './versioned-directory.js';

/** Where images are looked for, and for whom. */
export interface Search {
  readonly root: string;
  readonly extensionClass: ExtensionClass;
  /** Directories below the root, the first wins; see search-path.ts. */
  readonly places: readonly string[];
  /** The machine's, for versioned directories. */
  readonly architecture: string;
}

/**
 * What one entry of a search directory is (systemd-sysext(8), "extension images"; systemd.v(7)). Symlinks are
 * followed below the root.
 *
 * @param bytes file name as readdir(3) gives it, which need not be UTF-8
 * @throws the errors of stat(2) and readdir(3) but "no such file"
 */
export function examineEntry(search: Search, directory: string, bytes: Buffer): Image | PassedOver {
  const fileName = bytes.toString();
  const entry = join(directory, fileName);
  const problem = checkImageName(bytes);
  if (problem !== null) return { kind: 'bad-name', entry, problem };
  try {
    return examine(search, entry, fileName);
  } catch (error) {
    // One bad symlink, or a file that goes while we look, is no reason to fail for all other images.
    if (isMissing(error)) return { kind: 'dangling', entry };
    const code = errorCode(error);
    if (code === 'ELOOP' || code === 'EACCES') return { kind: 'unreachable', entry, code };
    throw error;
  }
}

function examine(search: Search, entry: string, fileName: string): Image | PassedOver {
  if (isLinkToNull(entry))
    return { kind: 'masked', entry, name: nameOfMask(fileName, search.extensionClass) };
  const path = findBelow(search.root, insideRoot(search.root, entry));
  if (path === null) return { kind: 'dangling', entry };
  const versioned =
    typeOf(path) === 'directory' ? parseVersionedDirectoryName(fileName, search.extensionClass.suffix) : null;
  return versioned === null
    ? makeImage(search, entry, path, fileName)
    : examineVersions(search, entry, path, versioned);
}

/**
 * Another version from the same versioned directory.
 *
 * @returns the image itself if it has that version; `null` if there is none with it
 * @throws the errors of stat(2) but "no such file"
 */
export function withVersion(search: Search, image: Image, version: string): Image | null {
  const { versions, entry } = image;
  if (versions === null || versions.winner?.version === version) return image;
  const other = versions.losers.find((loser) => loser.entry.version === version);
  if (other === undefined) return null;
  const path = findBelow(search.root, join(insideRoot(search.root, entry), other.entry.file));
  return path === null
    ? null
    : { ...image, ...describe(path), path, versions: { ...versions, winner: other.entry } };
}

function examineVersions(
  search: Search,
  entry: string,
  directory: string,
  wanted: VersionedDirectoryName,
): Image | PassedOver {
  const resolve = (file: string) => findBelow(search.root, join(insideRoot(search.root, directory), file));
  const files = readdirSync(directory).map((file): DirectoryFile => {
    return { file, type: typeOrOther(() => resolve(file)) };
  });
  const versions = pickVersion(files, wanted, search.architecture);
  if (versions.winner === null) return { kind: 'no-version', entry, versions };
  const problem = checkImageName(wanted.name);
  if (problem !== null) return { kind: 'bad-name', entry, problem };
  const path = resolve(versions.winner.file);
  if (path === null) return { kind: 'dangling', entry };
  return { ...describe(path), name: wanted.name, path, entry, versions };
}

function makeImage(
  { extensionClass }: Search,
  entry: string,
  path: string,
  fileName: string,
): Image | PassedOver {
  const type = typeOf(path);
  const name = type === 'other' ? null : imageNameOf(fileName, type, extensionClass.suffix);
  // Without its suffix, `..raw` is no name any more.
  if (name === null || checkImageName(name) !== null) return { kind: 'no-image', entry };
  return { ...describe(path), name, path, entry, versions: null };
}

function describe(path: string): Pick<Image, 'kind' | 'label' | 'time'> {
  const status = statSync(path, { bigint: true });
  const label = basename(path);
  if (!status.isDirectory()) {
    return { kind: status.isFile() ? 'raw' : 'block', label, time: status.mtimeNs / 1000n };
  }
  // What is put into a directory later changes its modification time, so that says little of the image's age.
  return {
    kind: isSubvolume(path, status) ? 'subvolume' : 'directory',
    label,
    time: status.birthtimeNs / 1000n,
  };
}

/** One entry that cannot be looked up does not spoil the others. */
function typeOrOther(resolve: () => string | null): DirectoryFile['type'] {
  try {
    const path = resolve();
    return path === null ? 'other' : typeOf(path);
  } catch {
    return 'other';
  }
}

function typeOf(path: string): DirectoryFile['type'] {
  const status = statSync(path);
  if (status.isDirectory()) return 'directory';
  if (status.isFile()) return 'file';
  return status.isBlockDevice() ? 'block' : 'other';
}

/** The root of a btrfs subvolume always has this inode number (btrfs-subvolume(8)); magic number: statfs(2). */
const BTRFS_SUBVOLUME_INODE = 256n;
const BTRFS_SUPER_MAGIC = 0x9123683e;

function isSubvolume(path: string, status: BigIntStats): boolean {
  return status.ino === BTRFS_SUBVOLUME_INODE && statfsSync(path).type === BTRFS_SUPER_MAGIC;
}

/** By its target's name: the root of another machine has no device nodes. */
function isLinkToNull(path: string): boolean {
  try {
    return readlinkSync(path) === '/dev/null';
  } catch (error) {
    if (errorCode(error) === 'EINVAL') return false;
    throw error;
  }
}

/** A mask is named like the file it stands for, whatever kind of file that is. */
function nameOfMask(fileName: string, { suffix }: ExtensionClass): string {
  const stem = fileName.replace(/\.v$/, '');
  return imageNameOf(stem, 'file', suffix) ?? imageNameOf(stem, 'directory', suffix) ?? stem;
}
