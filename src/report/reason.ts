import { CommandFailedError, type CommandResult } from '../host/process.js';
import { printable } from './printable.js';

/** What another program or the kernel said, without the name of the program and the path that stand in front. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof CommandFailedError) {
    const said = firstLineOf(cause.result);
    return printable(said.replace(/^u?mount: (?:mounting .* failed|\S+): /, '').replace(/\.$/, ''));
  }
  if (!(cause instanceof Error)) return printable(String(cause));
  // Node: `ENOENT: no such file or directory, open '/x'`
  const words = /^[A-Z0-9]+: (.*?),/.exec(cause.message)?.[1];
  return printable(words ?? cause.message);
}

/** The first line of what a program said, or how it ended. */
export function firstLineOf({ stderr, status, signal }: CommandResult): string {
  const said = stderr.trim().split('\n', 1)[0] ?? '';
  if (said !== '') return said;
  return signal === null ? `exit status ${status}` : `killed by ${signal}`;
}
