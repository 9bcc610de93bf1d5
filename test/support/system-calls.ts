import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provide } from './debian.js';
import type { Machine } from './machine.js';
import type { Finished } from './namespace.js';
import { ENVIRONMENT, programCommand } from './program.js';

/** Those that the program makes itself in place of calling mount(8), umount(8) or flock(1). */
const NAMES = ['flock', 'mount', 'umount2', 'move_mount'];

/** Why system calls cannot be traced here; `null` if they can. */
export const whyNoTrace = (): string | null => provide({ strace: 'strace' });

/**
 * Calls the program with strace(1) on its main thread, which makes these system calls.
 *
 * @param fault what strace(1) does at one of them: `error=EPERM`, `signal=SIGKILL`
 * @returns how it ended, and the names of the system calls, those of the fault included
 */
export async function traced(
  machine: Machine,
  words: readonly string[],
  fault?: { readonly calls: readonly string[]; readonly number: number; readonly does: string },
): Promise<{ finished: Finished; calls: string[] }> {
  const file = join(machine.directory, 'trace');
  const command = ['strace', `--output=${file}`, `--trace=${NAMES.join()}`, '--signal=none'];
  if (fault !== undefined) {
    const name = fault.calls[fault.number - 1]!;
    // strace(1) counts the calls of each name.
    const nth = fault.calls.slice(0, fault.number).filter((other) => other === name).length;
    command.push(`--inject=${name}:${fault.does}:when=${nth}`);
  }
  const program = [...programCommand(), `--root=${machine.root}`, ...words];
  const finished = await machine.namespace.run([...command, '--', ...program], { env: { ...ENVIRONMENT } });
  const lines = readFileSync(file, 'utf8').split('\n');
  return { finished, calls: lines.flatMap((line) => /^(\w+)\(/.exec(line)?.[1] ?? []) };
}
