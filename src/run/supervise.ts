import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/** What somebody sends to this process is meant for the command. Other signals the terminal gives to both, or nobody can catch. */
const FORWARDED = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

type Forwarded = (typeof FORWARDED)[number];

/** A key was pressed for all processes in the foreground of the terminal: these have the signal already (termios(3)). */
const BY_KEY: ReadonlySet<Forwarded> = new Set(['SIGINT', 'SIGQUIT']);

/** How a command is started. */
export interface Start {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Holds signals back until there is a command to give them to. */
export interface Supervisor {
  /**
   * Runs a command with the standard streams of this process, and waits for it.
   *
   * @returns exit status; of a command that was killed 128 and the number of the signal, as in a shell
   * @throws the error of execve(2)
   */
  run(start: Start): Promise<number>;
  /** A signal that came before the command did; then it had better not be started. */
  pending(): Promise<Forwarded | null>;
}

/** From now on signals do not end this process. */
export function superviseSignals(): Supervisor {
  const waiting: Forwarded[] = [];
  let take = (signal: Forwarded): void => {
    waiting.push(signal);
  };
  for (const signal of FORWARDED) process.on(signal, () => take(signal));
  return {
    async run({ command: [program, ...args], env, cwd }) {
      const child = spawn(program, args, { stdio: 'inherit', env, cwd });
      take = (signal) => {
        if (!BY_KEY.has(signal) || !isInForeground()) child.kill(signal);
      };
      return new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (status, signal) => resolve(status ?? statusOf(signal!)));
      });
    },
    async pending() {
      // Handlers run when this process waits for events.
      await new Promise((resolve) => setImmediate(resolve));
      return waiting[0] ?? null;
    },
  };
}

export function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Whether this process group is the one that keys of the terminal are for (proc_pid_stat(5), `pgrp` and `tpgid`). */
function isInForeground(): boolean {
  try {
    const text = readFileSync('/proc/self/stat', 'utf8');
    // The name of the program, in parentheses, may have anything in it.
    const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return false;
  }
}
