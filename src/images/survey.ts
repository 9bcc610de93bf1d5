import { opendirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, findBelow } from '../host/root.js';

/** What lies below a hierarchy of an extension. */
export interface HierarchySurvey {
  readonly hierarchy: string;
  readonly directories: number;
  /** All other entries: files, symlinks, devices. */
  readonly files: number;
  /** Whether there is more than was counted. */
  readonly more: boolean;
  /** Directories that may not be read. */
  readonly unreadable: number;
}

/** Entries that are counted; whoever makes an image with more does not need to know the number. */
const MOST_ENTRIES = 5_000_000;

/**
 * Counts what an extension has below each hierarchy. No symlink below the hierarchy is followed, so nothing is counted
 * twice, and nothing outside of the image.
 *
 * @param root of the extension's files; absolute path, free of symlinks
 * @returns those hierarchies that exist, in the order given
 * @throws the errors of readdir(3) but "permission denied"
 */
export function surveyHierarchies(
  root: string,
  hierarchies: readonly string[],
  most: number = MOST_ENTRIES,
): HierarchySurvey[] {
  return hierarchies.flatMap((hierarchy) => {
    const path = findBelow(root, hierarchy);
    return path === null ? [] : [survey(hierarchy, path, most)];
  });
}

function survey(hierarchy: string, path: string, most: number): HierarchySurvey {
  const ahead = [path];
  const counted = { directories: 0, files: 0, unreadable: 0 };
  for (let here = ahead.pop(); here !== undefined; here = ahead.pop()) {
    const directory = open(here);
    if (directory === null) {
      counted.unreadable += 1;
      continue;
    }
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (counted.directories + counted.files >= most) return { hierarchy, ...counted, more: true };
        if (entry.isDirectory()) {
          counted.directories += 1;
          ahead.push(join(here, entry.name));
        } else counted.files += 1;
      }
    } finally {
      directory.closeSync();
    }
  }
  return { hierarchy, ...counted, more: false };
}

function open(path: string) {
  try {
    return opendirSync(path);
  } catch (error) {
    // A name that is not UTF-8 cannot be opened by the name that Node has for it.
    if (['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error) ?? ''))
      return null;
    throw error;
  }
}
