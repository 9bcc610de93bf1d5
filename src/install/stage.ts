import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../host/root.js';

/**
 * What directories begin with in which something is made that is not yet to be seen, or that was put away. No discovery takes
 * such a name, ours or that of systemd (see checkImageName()); in a versioned directory it is not the extension's.
 */
const PREFIX = '.#sysext-';

/** Makes a directory for what is being made, beside where it is to be. @throws the error of mkdir(2) */
export function makeStage(directory: string): string {
  for (let number = 0; ; number++) {
    const path = join(directory, stageName(number));
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    mkdirSync(path, { mode: 0o700 });
    return path;
  }
}

/** A name for a symlink that is made first and then renamed. */
export function stageName(number = 0): string {
  return `${PREFIX}${process.pid}-${startOf(process.pid) ?? 0}-${number}`;
}

export function removeStage(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** What calls that were killed have left in a directory, paths; of a call that is at work nothing. */
export function findStages(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return names.filter(isAbandoned).map((name) => join(directory, name));
}

/** The number of a process may be given to another one, but not with the same start. */
function isAbandoned(name: string): boolean {
  const [, pid, start] = /^\.#sysext-(\d+)-(\d+)-\d+$/.exec(name) ?? [];
  return pid !== undefined && String(startOf(Number(pid)) ?? -1) !== start;
}

/** When a process was started, in ticks since the machine was (proc_pid_stat(5), field 22); `null` if there is none. */
function startOf(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name, in parentheses, and may have any character.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return Number(fields[22 - 3]);
  } catch {
    return null;
  }
}
