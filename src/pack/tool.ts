import { DEBIAN_PACKAGES, type PackagedProgram } from '../host/debian-packages.js';
import {
  CommandMissingError,
  type CommandResult,
  type CommandSettings,
  runCommand,
} from '../host/process.js';
import { PackError } from './problem.js';

/**
 * Runs a program that a part of the work is left to.
 *
 * @throws PackError `tool-missing`, `tool-failed`
 */
export function runTool(
  command: readonly [PackagedProgram, ...string[]],
  settings: CommandSettings = {},
): CommandResult {
  const [program] = command;
  try {
    const result = runCommand(command, settings);
    if (result.status === 0) return result;
    const said = result.stderr.trim().split('\n').at(-1) || `exit status ${result.status ?? result.signal}`;
    throw new PackError({ kind: 'tool-failed', command: program, said });
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new PackError({ kind: 'tool-missing', command: program, package: DEBIAN_PACKAGES[program] });
  }
}
