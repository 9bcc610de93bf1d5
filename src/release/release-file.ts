import { lstatSync, opendirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { readTextFile } from '../host/files.js';
import { findBelow } from '../host/root.js';
import { checkImageName } from '../images/image-name.js';
import { parseRelease, type SyntaxProblem } from './os-release.js';
import { readStrictAttributes } from './strict-attribute.js';

/** How a file fits: by the image's name, by that name without its version, or because it need not fit. */
export type Via = 'name' | 'version-cut' | 'not-strict';

/** The release file that counts for an image. Paths are those inside the image, `/usr/lib/...`. */
export type ReleaseFile =
  | {
      kind: 'found';
      path: string;
      fileName: string;
      via: Via;
      fields: ReadonlyMap<string, string>;
      problems: SyntaxProblem[];
    }
  | {
      kind: 'missing';
      wanted: string;
      /** What other `extension-release.*` files there are for: image names, sorted. */
      others: string[];
      /** Whether one of them may be used under any name could not be read: getfattr(1) is not installed. */
      getfattrMissing: boolean;
    }
  /** More than one file could be meant; their names, sorted. */
  | { kind: 'ambiguous'; candidates: string[] }
  /** Not one assignment in it. */
  | { kind: 'empty'; path: string; problems: SyntaxProblem[] }
  /** `path` is what could not be looked up or read. */
  | { kind: 'unreadable'; path: string; cause: unknown };

const PREFIX = 'extension-release.';

/**
 * Finds and reads the release file of an image (systemd-sysext(8)). Symlinks are followed as if the image were the
 * root, so that nothing outside of the image is read.
 *
 * @param imageRoot where the image's tree is; absolute path, free of symlinks
 * @returns never throws: an image is untrusted, and whatever is wrong with it is a value
 */
export function findReleaseFile(
  imageRoot: string,
  imageName: string,
  extensionClass: ExtensionClass,
): ReleaseFile {
  const directory = `/${extensionClass.releaseDirectory}`;
  const wanted = `${directory}/${PREFIX}${imageName}`;
  let looked = wanted;
  try {
    const file = findBelow(imageRoot, wanted);
    if (file !== null) return readRelease(file, wanted, 'name');
    looked = directory;
    const resolved = findBelow(imageRoot, directory);
    const { fits, others, getfattrMissing } = resolved === null ? NOTHING : findFitting(resolved, imageName);
    const [first, ...more] = fits;
    if (first === undefined) return { kind: 'missing', wanted, others, getfattrMissing };
    if (more.length > 0) return { kind: 'ambiguous', candidates: fits.map(({ file }) => basename(file)) };
    looked = `${directory}/${basename(first.file)}`;
    return readRelease(first.file, looked, first.via);
  } catch (cause) {
    return { kind: 'unreadable', path: looked, cause };
  }
}

function readRelease(file: string, path: string, via: Via): ReleaseFile {
  const { fields, problems } = parseRelease(readTextFile(file));
  if (fields.size === 0) return { kind: 'empty', path, problems };
  return { kind: 'found', path, fileName: basename(path), via, fields, problems };
}

/** There are more files beside each other than an honest image has; nobody looks which of them could be meant. */
export class TooManyReleaseFilesError extends Error {
  constructor(readonly limit: number) {
    super(`more than ${limit} files are in it`);
  }
}

const MOST_FILES = 10_000;

/**
 * The regular files `extension-release.*` with a valid name, sorted; unlike the first choice never a symlink.
 *
 * @throws TooManyReleaseFilesError, the errors of readdir(3)
 */
function listReleaseFiles(directory: string): string[] {
  if (!lstatSync(directory).isDirectory()) return [];
  if (hasMoreThan(directory, MOST_FILES)) throw new TooManyReleaseFilesError(MOST_FILES);
  return readdirSync(directory, { encoding: 'buffer' })
    .filter((name) => name.toString('latin1').startsWith(PREFIX))
    .filter((name) => checkImageName(name.subarray(PREFIX.length)) === null)
    .map((name) => name.toString('utf8'))
    .filter((name) => lstatSync(join(directory, name)).isFile())
    .sort();
}

function hasMoreThan(path: string, limit: number): boolean {
  const directory = opendirSync(path);
  try {
    for (let count = 0; directory.readSync() !== null; count += 1) if (count === limit) return true;
    return false;
  } finally {
    directory.closeSync();
  }
}

interface Fallback {
  fits: { file: string; via: Via }[];
  others: string[];
  getfattrMissing: boolean;
}

const NOTHING: Fallback = { fits: [], others: [], getfattrMissing: false };

/** Files that may be meant although none has the image's own name: it may have been changed on deployment. */
function findFitting(directory: string, imageName: string): Fallback {
  const fileNames = listReleaseFiles(directory);
  const others = fileNames.map(imageOf);
  const base = withoutVersion(imageName);
  // An image whose name is nothing but a version has no fallback at all.
  if (checkImageName(base) !== null) return { ...NOTHING, others };
  const foreign = fileNames.filter((fileName) => imageOf(fileName) !== base);
  const { notStrict, getfattrMissing } = readStrictAttributes(directory, foreign);
  const fits = fileNames.flatMap((fileName): Fallback['fits'] => {
    const file = join(directory, fileName);
    if (imageOf(fileName) === base) return [{ file, via: 'version-cut' }];
    return notStrict.includes(fileName) ? [{ file, via: 'not-strict' }] : [];
  });
  return { fits, others, getfattrMissing };
}

function imageOf(fileName: string): string {
  return fileName.slice(PREFIX.length);
}

/** The version, and the counter of tries, begin at the first `_` or `+`; a directory may still be called `.raw`. */
function withoutVersion(imageName: string): string {
  return imageName.replace(/(\.sysext|\.confext)?\.raw$/, '').replace(/[_+].*$/s, '');
}
