import { accessSync, constants, statSync } from 'node:fs';
import { posix } from 'node:path';
import { DEFAULT_PATH } from '../host/process.js';
import { errorCode, findBelow } from '../host/root.js';

/** Whether a command can be run, as env(1) and the shell tell it: by 126 or 127. */
export type FoundProgram =
  | { readonly kind: 'found' }
  /** It is there, but it may not be executed, or it is a directory. */
  | { readonly kind: 'not-executable'; readonly path: string }
  | { readonly kind: 'not-found' };

/**
 * Looks a command up as execvp(3) does: a word with a slash is a path, any other a name in the directories of `PATH`.
 *
 * @param root where the command will have its root
 * @param directory where it will be, below that root
 * @param path its `PATH`
 */
export function findProgram(
  root: string,
  directory: string,
  word: string,
  path: string | undefined,
): FoundProgram {
  const places = word.includes('/') ? [''] : (path || DEFAULT_PATH).split(':');
  let refused: string | null = null;
  for (const place of word === '' ? [] : places) {
    const inside = posix.resolve(directory, place, word);
    const found = look(root, inside);
    if (found === 'executable') return { kind: 'found' };
    if (found === 'refused') refused ??= inside;
  }
  return refused === null ? { kind: 'not-found' } : { kind: 'not-executable', path: refused };
}

function look(root: string, path: string): 'executable' | 'refused' | 'missing' {
  try {
    const file = findBelow(root, path);
    if (file === null) return 'missing';
    if (!statSync(file).isFile()) return 'refused';
    accessSync(file, constants.X_OK);
    return 'executable';
  } catch (error) {
    return ['EACCES', 'EPERM', 'ELOOP'].includes(errorCode(error) ?? '') ? 'refused' : 'missing';
  }
}
