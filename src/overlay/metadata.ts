import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { deviceOf, isFileSystemRoot } from '../host/device.js';
import { readTextFile } from '../host/files.js';
import { findBelow, isMissing } from '../host/root.js';
import { WORK_FILE } from './work-directory.js';

/**
 * The metadata directory in the root of a merged hierarchy (`/usr/.systemd-sysext/`) tells what is merged. Its
 * files, all text:
 *
 * - `extensions` (`confexts`): names of the extensions, one a line, in the order of their layers, lowest first
 * - `dev`: device number of the overlay, `MAJOR:MINOR`
 * - `origin`: JSON, where the extensions came from, see origin.ts
 * - `backing`: device number of the disk under the host's directory, if it is on one
 */
export const DEVICE_FILE = 'dev';
export const ORIGIN_FILE = 'origin';
export const BACKING_FILE = 'backing';

/** What is merged into one hierarchy right now. */
export interface Merge {
  /** Lowest layer first. Empty for a merge that only makes the hierarchy writable. */
  readonly names: readonly string[];
  /** When it was merged: mtime of the merged root, in microseconds since the epoch. */
  readonly since: bigint;
  readonly device: string;
  /** Content of `origin`; `null` where there is none (systemd-sysext before version 257). */
  readonly origin: string | null;
  /** Content of `work_dir`, see work-directory.ts; `null` for a merge that is not writable. */
  readonly work: string | null;
}

/** A hierarchy as it is found on the machine. */
export interface Hierarchy {
  /** As it is called: `/usr`, without the root. */
  readonly name: string;
  /** Where it really is on the machine, root in front, symlinks resolved. */
  readonly path: string;
  readonly merge: Merge | null;
}

/**
 * Reads one hierarchy. It counts as merged if a file system begins there that carries a device file whose content
 * is the device number of that very file system; so a copy of a merged tree never counts (systemd-sysext(8) uses
 * the same test, which is why each program recognises what the other has merged).
 *
 * @returns `null` if there is no such directory below the root
 * @throws the errors of look-ups but "no such file"
 */
export function readHierarchy(root: string, name: string, extensionClass: ExtensionClass): Hierarchy | null {
  const path = findBelow(root, name);
  if (path === null) return null;
  return { name, path, merge: readMerge(path, extensionClass) };
}

/** What is merged on the top of this mount point; `null` if nothing of this class is. */
export function readMerge(path: string, extensionClass: ExtensionClass): Merge | null {
  if (!isFileSystemRoot(path)) return null;
  const device = readMetadataFile(path, extensionClass, DEVICE_FILE)?.trim();
  if (device === undefined || device !== deviceOf(path)) return null;
  const names = readMetadataFile(path, extensionClass, extensionClass.namesFile) ?? '';
  return {
    names: names.split('\n').filter((line) => line !== ''),
    since: statSync(path, { bigint: true }).mtimeNs / 1000n,
    device,
    origin: readMetadataFile(path, extensionClass, ORIGIN_FILE),
    work: readMetadataFile(path, extensionClass, WORK_FILE),
  };
}

function readMetadataFile(path: string, extensionClass: ExtensionClass, file: string): string | null {
  try {
    return readTextFile(join(path, extensionClass.metadataDirectory, file));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
