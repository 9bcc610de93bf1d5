import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import picomatch from 'picomatch';
import { readTextFile } from '../../host/files.js';

/** What is let pass. */
export interface Allowed {
  /** Whether a path, with the hierarchy in front, fits one of the patterns. */
  matches(path: string): boolean;
  /** Patterns that have not matched anything yet. */
  unused(): string[];
}

/**
 * Reads patterns, one a line, as of a shell, `**` for any number of directories; `#` begins a comment.
 *
 * @throws the errors of open(2), NotRegularFileError, FileTooLargeError
 */
export function readAllowFile(file: string): Allowed {
  return allowing(readTextFile(realpathSync(resolve(file))));
}

export function allowing(text: string): Allowed {
  const patterns = text.split('\n').flatMap((line) => {
    const pattern = line.replace(/(^|\s)#.*$/, '').trim();
    if (pattern === '') return [];
    // A pattern without a slash in front means the path all the same.
    const matches = picomatch(pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`, {
      dot: true,
    });
    return [{ pattern, matches, isUsed: false }];
  });
  return {
    matches(path) {
      let isAllowed = false;
      for (const one of patterns) {
        if (!one.matches(path)) continue;
        one.isUsed = true;
        isAllowed = true;
      }
      return isAllowed;
    },
    unused: () => patterns.filter(({ isUsed }) => !isUsed).map(({ pattern }) => pattern),
  };
}
