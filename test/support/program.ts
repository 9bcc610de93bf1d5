import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandDirectories } from './debian.js';

/** The names that the program is installed under; each selects a class of extensions. */
export type ProgramName = 'sysext' | 'confext';

export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** The whole environment of every call; a test adds to it. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: commandDirectories().join(':'),
  HOME: '/',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/** What `npm run build:standalone` makes. */
export const STANDALONE = join(CHECKOUT, 'dist/sysext');

/**
 * The words that start the program under test; verb and options follow. It is `bin/sysext` of this checkout, or the
 * executable that the variable `SYSEXT_PROGRAM` names.
 *
 * @throws Error if it is not there
 */
export function programCommand(name: ProgramName = 'sysext'): string[] {
  const file = programFile(name);
  const isLinked = basename(file) === name;
  return isLinked ? startedBy(file) : [...startedBy(file), `--class=${name}`];
}

/** The program's file: what a link with another name points to. @throws Error if it is not there */
export function programFile(name: ProgramName = 'sysext'): string {
  const other = process.env['SYSEXT_PROGRAM'];
  const link = other ? join(dirname(other), name) : join(CHECKOUT, 'bin', name);
  const file = other && !existsSync(link) ? other : link;
  if (existsSync(file) && (other || existsSync(join(CHECKOUT, 'dist/cli')))) return file;
  throw new Error(
    `there is no program to test at '${file}': run "npm run build${other ? ':standalone' : ''}"`,
  );
}

/** Whether it is the self-contained executable: its runtime does not start without `/proc`. */
export function isStandalone(): boolean {
  return process.env['SYSEXT_PROGRAM'] !== undefined;
}

/**
 * The words that start the program by the path of a file or of a link to it. A script goes through the Node that runs
 * the tests, which need not be in `PATH`.
 */
export function startedBy(path: string): string[] {
  return process.env['SYSEXT_PROGRAM'] ? [path] : [process.execPath, path];
}
