import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, findBelow, isMissing } from '../host/root.js';
import { compareVersions } from '../images/version-order.js';
import { matchPatterns, type NameFields, type Pattern } from './pattern.js';

/** A version of a resource, where it comes from or where it is installed. */
export interface Instance {
  /** Relative to the directory, or to the manifest. */
  readonly path: string;
  readonly fields: NameFields;
  /** Of the file as it is there, if that is known. */
  readonly sha256: string | null;
}

/** Directories within one, at most. A hostile one may be as deep as it likes. */
const MAX_DEPTH = 16;
const MAX_NAMES = 100_000;

/** What a file is called while it is written: no search for images takes such a name, and systemd-sysupdate(8) removes it too. */
export const PARTIAL_PREFIX = '.#sysext-';
const TEMPORARY = /^\.(sysupdate\.(partial|pending)\.|#)/;

export interface Listing {
  /** The newest first; of the same version that first which has tries left, then by its path. */
  readonly instances: readonly Instance[];
  /** Left behind by updates that broke off; relative to the directory. */
  readonly temporary: readonly string[];
}

/**
 * Lists the regular files in a directory that fit the patterns of a transfer. Symlinks are not followed: what a link leads to is
 * not what its name says.
 *
 * @param root absolute path, free of symlinks
 * @param read what the name of a file says, by its path in the directory
 * @throws the errors of readdir(3), unless there is no such directory
 */
export function listInstances(
  root: string,
  path: string,
  patterns: readonly Pattern[],
  read = (file: string) => matchPatterns(patterns, file),
): Listing {
  const directory = findBelow(root, path);
  const depth = patterns.some(({ anywhere }) => anywhere)
    ? MAX_DEPTH
    : Math.max(...patterns.map(({ text }) => text.split('/').length));
  const files = directory === null ? [] : [...walk(directory, '', depth)].sort();
  const isTemporary = (file: string) => TEMPORARY.test(file.slice(file.lastIndexOf('/') + 1));
  return {
    instances: pickInstances(
      files.filter((file) => !isTemporary(file)).map((file) => ({ path: file, sha256: null })),
      read,
    ),
    temporary: files.filter(isTemporary),
  };
}

/** The files that fit, in the order of a {@link Listing}. @param read what a name says, `null` if it does not fit */
export function pickInstances(
  files: readonly { readonly path: string; readonly sha256: string | null }[],
  read: (path: string) => NameFields | null,
): Instance[] {
  const found = files.flatMap(({ path, sha256 }) => {
    const fields = read(path);
    return fields === null ? [] : [{ path, fields, sha256: sha256 ?? fields.sha256?.toLowerCase() ?? null }];
  });
  return found.sort(
    (a, b) => compareVersions(b.fields.version, a.fields.version) || Number(isSpent(a)) - Number(isSpent(b)),
  );
}

/** The first of each version. */
export function onePerVersion(instances: readonly Instance[]): Instance[] {
  return instances.filter(
    ({ fields }, index, all) => !isSameVersion(fields.version, all[index - 1]?.fields.version),
  );
}

/** Whether a file has no tries left, so that it is taken only if there is no other one (systemd.v(7)). */
export function isSpent({ fields: { triesLeft } }: Instance): boolean {
  return triesLeft !== undefined && Number(triesLeft) === 0;
}

export function isSameVersion(a: string, b: string | undefined): boolean {
  return b !== undefined && compareVersions(a, b) === 0;
}

function* walk(directory: string, prefix: string, depth: number, seen = { names: 0 }): Generator<string> {
  for (const name of readdirSync(directory)) {
    seen.names += 1;
    if (seen.names > MAX_NAMES) return;
    const path = join(directory, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isFile()) yield `${prefix}${name}`;
    if (!found?.isDirectory() || depth <= 1) continue;
    try {
      yield* walk(path, `${prefix}${name}/`, depth - 1, seen);
    } catch (error) {
      // Gone since we looked, or none of our business.
      if (!isMissing(error) && errorCode(error) !== 'EACCES') throw error;
    }
  }
}
