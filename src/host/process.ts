import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { errorCode } from './root.js';

/** A finished run of an external program. */
export interface CommandResult {
  readonly command: readonly string[];
  /** Exit status; `null` when a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSettings {
  readonly cwd?: string;
  /** Open files for the program, as its descriptors 3, 4, … */
  readonly descriptors?: readonly number[];
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** An open file for what it prints, in place of `stdout` of the result. */
  readonly output?: number;
  /** What it prints is bytes, to be taken as one character each. */
  readonly encoding?: 'latin1';
}

/** An external program ended with another status than 0. */
export class CommandFailedError extends Error {
  constructor(readonly result: CommandResult) {
    super(`${result.command[0]} failed: ${firstLine(result.stderr) || describeEnd(result)}`);
  }
}

/** An external program is not installed, or may not be executed. */
export class CommandMissingError extends Error {
  constructor(
    readonly command: string,
    options: { cause: unknown },
  ) {
    super(`${command} cannot be executed`, options);
  }
}

/** Where the programs of util-linux are when `PATH` is empty, as execvp(3) has it, plus the `sbin` directories. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a program prints is kept in memory, in bytes; one that prints more is killed. */
const MAX_OUTPUT = 64 * 1024 * 1024;

type ChildProcess = typeof import('node:child_process');
let loaded: ChildProcess | null = null;

/** Loaded for the first program: what calls none shall not wait for it. For the plain `require` see crypto.ts. */
function childProcess(): ChildProcess {
  loaded ??=
    typeof require === 'function'
      ? require('node:child_process')
      : createRequire(import.meta.url)('node:child_process');
  return loaded!;
}

/**
 * Runs a program without a shell, so that no name from an image is ever read as syntax, and waits for its end.
 * Its messages are in English whatever the locale; its environment is otherwise empty but for `PATH`.
 *
 * @throws CommandMissingError if it could not be started
 */
export function runCommand(command: readonly string[], settings: CommandSettings = {}): CommandResult {
  const [program, ...args] = command as [string, ...string[]];
  const ended = childProcess().spawnSync(program, args, {
    stdio: ['ignore', settings.output ?? 'pipe', 'pipe', ...(settings.descriptors ?? [])],
    env: {
      PATH: process.env['PATH'] || DEFAULT_PATH,
      LC_ALL: 'C',
      // mount(8) 2.39 and later hands options to the kernel one by one, and none may be longer than 255 bytes;
      // with mount(2) all together may fill a page. Older ones know only mount(2).
      LIBMOUNT_FORCE_MOUNT2: 'always',
      ...settings.env,
    },
    encoding: settings.encoding ?? 'utf8',
    maxBuffer: MAX_OUTPUT,
    ...(settings.cwd === undefined ? {} : { cwd: settings.cwd }),
  });
  if (ended.error !== undefined && ended.status === null && ended.signal === null) {
    const code = errorCode(ended.error);
    const isThere = settings.cwd === undefined || existsSync(settings.cwd);
    if (isThere && (code === 'ENOENT' || code === 'EACCES'))
      throw new CommandMissingError(program, { cause: ended.error });
    throw ended.error;
  }
  return {
    command,
    status: ended.status,
    signal: ended.signal,
    stdout: ended.stdout ?? '',
    stderr: ended.stderr,
  };
}

/** Where a program is installed, without starting it. @returns `null` if it is nowhere in `PATH` */
export function findCommand(program: string): string | null {
  const directories = (process.env['PATH'] || DEFAULT_PATH).split(':');
  const isThere = (path: string) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return directories.map((directory) => join(directory, program)).find(isThere) ?? null;
}

/** @throws CommandMissingError for a program that is not installed */
export function requireCommand(program: string): void {
  if (findCommand(program) === null) throw new CommandMissingError(program, { cause: undefined });
}

/** Like {@link runCommand}, for programs that have no reason to fail. @throws CommandFailedError too */
export function mustRun(command: readonly string[], settings: CommandSettings = {}): CommandResult {
  const result = runCommand(command, settings);
  if (result.status !== 0) throw new CommandFailedError(result);
  return result;
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}

function describeEnd(result: CommandResult): string {
  return result.signal === null ? `exit status ${result.status}` : `killed by ${result.signal}`;
}
