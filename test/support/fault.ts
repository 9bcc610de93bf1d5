import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../src/host/root.js';
import { findCommand } from './debian.js';
import { ENVIRONMENT } from './program.js';
import { until } from './until.js';

/**
 * What happens instead of a call of an external program: shell code, with the program's path in `$real`, its
 * arguments in `$@`, and the number of the program under test in `$PPID`. The real program follows, unless it exits.
 */
export type Fault = string;

/** As mount(8) fails: exit status 32, and a line on standard error. */
export const fail: Fault = 'echo "$command: something went wrong here." >&2; exit 32';
/** The program under test is killed and the command never runs. */
export const killBefore: Fault = 'kill -KILL "$PPID"; exit 1';
/** The program under test is killed, and the command, which it has started, goes on. */
export const killDuring: Fault = 'kill -KILL "$PPID"';
/** The program under test is killed as soon as the command has done its work. */
export const killAfter: Fault = '"$real" "$@"; kill -KILL "$PPID"; exit 1';
/** A signal for the program under test alone, as from kill(1). */
export const signal = (name: string): Fault => `kill -${name} "$PPID"`;
/** A signal for the program and what it has started, as from the terminal. */
export const signalBoth = (name: string): Fault => `kill -${name} "$PPID"; kill -${name} "$$"`;
/** The command does not begin until {@link FaultyPath.release} is called. */
export const hang: Fault = 'read -r _ <"$directory/gate"';

/** The programs that ours calls. */
const COMMANDS = ['mount', 'umount', 'flock', 'getfattr', 'losetup', 'veritysetup', 'cryptsetup', 'cp'];

/**
 * A directory for the front of `PATH` with stand-ins for the programs that ours calls. They count the calls, note them
 * down, and do what the test asks for at the nth one; all others reach the real program.
 */
export class FaultyPath {
  readonly #directory: string;

  /** @param directory is made, and may be removed when the test ends */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    execFileSync('mkfifo', [join(directory, 'gate')]);
    this.plan({});
  }

  /** For the environment of a call. */
  get path(): string {
    return `${this.#directory}:${ENVIRONMENT['PATH']}`;
  }

  /** Faults by the number of the call they happen at, the first is 1; `every` at each that has none of its own. */
  plan(faults: Readonly<Record<number, Fault>>, every: Fault = ':'): void {
    rmSync(this.#file('count'), { force: true });
    rmSync(this.#file('calls'), { force: true });
    for (const command of COMMANDS) {
      const real = findCommand(command);
      if (real === null) continue;
      writeFileSync(this.#file(command), this.#script(command, real, faults, every), { mode: 0o755 });
    }
  }

  /** The calls so far, each with its arguments. */
  calls(): string[] {
    if (!existsSync(this.#file('calls'))) return [];
    return readFileSync(this.#file('calls'), 'utf8').split('\n').filter(Boolean);
  }

  /** Waits until the nth call has begun. */
  async reached(number: number): Promise<void> {
    await until(`call ${number} of an external program`, () => this.calls().length >= number);
  }

  /** Lets a call go on that {@link hang} stopped, or will stop. */
  async release(): Promise<void> {
    // Without blocking this fails as long as nobody has the other side open.
    const gate = await until('a call to stop', () => this.#openGate());
    writeSync(gate, '\n');
    closeSync(gate);
  }

  /** Lets all calls go on that have stopped, after a test that failed before it could. */
  releaseAll(): void {
    const gate = this.#openGate();
    if (gate === null) return;
    writeSync(gate, '\n'.repeat(100));
    closeSync(gate);
  }

  #openGate(): number | null {
    try {
      return openSync(this.#file('gate'), constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (errorCode(error) === 'ENXIO') return null;
      throw error;
    }
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }

  #script(command: string, real: string, faults: Readonly<Record<number, Fault>>, every: Fault): string {
    return [
      '#!/bin/sh',
      `directory=${quote(this.#directory)} command=${command} real=${quote(real)} n=0`,
      '[ ! -e "$directory/count" ] || read -r n <"$directory/count"',
      'n=$((n + 1))',
      'echo "$n" >"$directory/count"',
      'printf "%s\\n" "$command $*" >>"$directory/calls"',
      'case $n in',
      ...Object.entries(faults).map(([number, fault]) => `${number}) ${fault} ;;`),
      `*) ${every} ;;`,
      'esac',
      'exec "$real" "$@"',
      '',
    ].join('\n');
  }
}

/** For the shell, as one word. */
export const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
