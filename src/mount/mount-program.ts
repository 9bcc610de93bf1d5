import { type CommandResult, type CommandSettings, runCommand } from '../host/process.js';
import { forBusybox } from './busybox.js';

/** Whose mount(8) it is that is called: another one is taken for that of util-linux. */
export type MountProgram = 'util-linux' | 'busybox';

let known: MountProgram | null = null;

/**
 * A file called like what is mounted, such as `sysext`, in the working directory is taken for a disk image by busybox, which makes a
 * loop device for it. Here is none.
 */
export const NO_FILES = '/proc';

/** It says so itself; for the asking a process is started, once. @throws CommandMissingError */
export function mountProgram(): MountProgram {
  if (known === null) {
    const { stdout, stderr } = runCommand(['mount', '--help']);
    known = isBusybox(stdout + stderr) ? 'busybox' : 'util-linux';
  }
  return known;
}

/** @param help what a program prints as its help */
export function isBusybox(help: string): boolean {
  return /\bBusyBox v\d/.test(help);
}

/**
 * Runs a command line of mount(8), in two steps where that of busybox cannot do it in one. A new file system that is private from
 * the start is a thing that only that of util-linux can make, so if it does, nobody has to ask whose it is.
 *
 * @returns the result of the last one that was run
 * @throws CommandMissingError
 */
export function runMount(command: readonly string[], given: CommandSettings): CommandResult {
  const settings = { cwd: NO_FILES, ...given };
  const steps = forBusybox(command);
  if (steps.length === 1) return runCommand(command, settings);
  if (known === null && command.includes('-t')) {
    const result = runCommand(command, settings);
    if (result.status === 0) known = 'util-linux';
    if (result.status === 0 || mountProgram() === 'util-linux') return result;
  }
  if (mountProgram() === 'util-linux') return runCommand(command, settings);
  const [first, ...others] = steps.map((step) => () => runCommand(step, settings));
  return others.reduce((result, run) => (result.status === 0 ? run() : result), first!());
}
