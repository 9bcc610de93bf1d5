import { existsSync } from 'node:fs';
import { readTextFile } from '../host/files.js';

/** A note is JSON; the other lines of a lock file are a process id and the paths of directories. */
const NOTE = '{';

/** What a call has noted in its lock file. The last line, if it has no newline, was not written whole. */
export function noteIn(text: string): string | null {
  const lines = text.split('\n').slice(0, -1);
  return lines.find((line) => line.startsWith(NOTE)) ?? null;
}

/** Whether the call that has, or had, the lock has noted something. @throws the errors of reading the lock file */
export function hasNote(lockFile: string): boolean {
  return existsSync(lockFile) && noteIn(readTextFile(lockFile)) !== null;
}
