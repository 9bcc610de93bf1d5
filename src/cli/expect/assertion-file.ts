import { readFileSync } from 'node:fs';
import type { AssertionFile } from '../../expect/read-assertions.js';
import { FileTooLargeError, TEXT_FILE_LIMIT } from '../../host/files.js';

/**
 * Reads the file of `--file=`; `-` is standard input. It is the user's own, and may be a pipe.
 *
 * @throws FileTooLargeError, the errors of open(2) and read(2)
 */
export function readAssertionFile(name: string): AssertionFile {
  const text = readFileSync(name === '-' ? 0 : name, 'utf8');
  if (text.length > TEXT_FILE_LIMIT) throw new FileTooLargeError(name, TEXT_FILE_LIMIT);
  return { name: name === '-' ? 'standard input' : name, text };
}
