import { resolve } from 'node:path';
import { insideRoot } from '../host/root.js';

/**
 * A path that somebody has typed, as it is called below the root: from where the user is. Below another root there is no
 * such place; a path with that root in front is what shells complete.
 */
export function pathBelow(root: string, word: string): string {
  if (root === '/') return word.startsWith('/') ? word : `${process.cwd()}/${word}`;
  return word === root || word.startsWith(`${root}/`) ? insideRoot(root, word) : `/${word}`;
}

/** The same without `.`, `..` and slashes that say nothing. */
export function plainPathBelow(root: string, word: string): string {
  return resolve('/', pathBelow(root, word));
}
