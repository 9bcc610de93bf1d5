import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** As many symlinks as the kernel follows in one look-up (path_resolution(7)). */
export const MAX_SYMLINKS = 40;

/** A look-up below a root met more symlinks than the kernel would follow. `code` is `ELOOP`, as from the kernel. */
export class TooManySymlinksError extends Error {
  readonly code = 'ELOOP';
  constructor(readonly path: string) {
    super(`Too many symbolic links in '${path}'`);
  }
}

/**
 * Looks a path up as a process would that is chrooted to `root`: absolute symlinks start at `root` again and `..`
 * never climbs above it, so that no symlink in an image or in another root leads to a file of the machine itself.
 *
 * @param root absolute path, itself free of symlinks (see realpath(3))
 * @param path path below `root`; absolute or relative makes no difference
 * @returns the same file's path on the machine, free of symlinks, beginning with `root`
 * @throws TooManySymlinksError; or the error of lstat(2) and readlink(2), so `ENOENT` if any part is missing and
 *   `ENOTDIR` if a part before the last is no directory
 */
export function resolveBelow(root: string, path: string): string {
  return walk(root, path, false);
}

/** Like {@link resolveBelow}, but parts that do not exist are kept as they are: where mkdir(1) `-p` would create it. */
export function resolveNewBelow(root: string, path: string): string {
  return walk(root, path, true);
}

function walk(root: string, path: string, mayBeMissing: boolean): string {
  const resolved: string[] = [];
  const ahead = path.split('/').reverse();
  let links = 0;
  while (ahead.length > 0) {
    const part = ahead.pop();
    if (part === undefined || part === '' || part === '.') continue;
    if (part === '..') {
      resolved.pop();
      continue;
    }
    const here = join(root, ...resolved, part);
    const found = lstatSync(here, { throwIfNoEntry: !mayBeMissing });
    if (found === undefined || !found.isSymbolicLink()) {
      // As the kernel: what follows a slash must be in a directory. The error is its own.
      if (ahead.length > 0 && found?.isDirectory() === false) lstatSync(`${here}/.`);
      resolved.push(part);
      continue;
    }
    links += 1;
    if (links > MAX_SYMLINKS) throw new TooManySymlinksError(join(root, path));
    const target = readlinkSync(here);
    if (target.startsWith('/')) resolved.length = 0;
    ahead.push(...target.split('/').reverse());
  }
  return join(root, ...resolved);
}

/** Like {@link resolveBelow}, but `null` for a path that does not exist (`ENOENT`, `ENOTDIR`). */
export function findBelow(root: string, path: string): string | null {
  try {
    return resolveBelow(root, path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether an error of a look-up says that there is no such file. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The errno name (`ENOENT`) of an error from Node's file functions, if it is one. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** A path on the machine as seen from inside `root`: `/var/lib/extensions/a` for that file of any root. */
export function insideRoot(root: string, path: string): string {
  if (root === '/') return path;
  return path === root ? '/' : path.slice(root.length);
}
