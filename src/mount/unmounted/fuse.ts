import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackagedProgram } from '../../host/debian-packages.js';
import { isFileSystemRoot } from '../../host/device.js';
import type { FileSystemType } from '../../images/content.js';

/** Programs that show a file system to whoever may use `/dev/fuse`: in the foreground, read-only. */
const PROGRAMS: Readonly<
  Partial<Record<FileSystemType, (file: string, at: string) => readonly [PackagedProgram, ...string[]]>>
> = {
  squashfs: (file, at) => ['squashfuse', '-f', '-o', 'ro', file, at],
  erofs: (file, at) => ['erofsfuse', '-f', file, at],
  ext4: (file, at) => ['fuse2fs', '-f', '-o', 'ro', file, at],
};

/** How long one may take to begin, in milliseconds; then unpacking is tried. */
const PATIENCE = 10_000;

const running: ChildProcess[] = [];

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/**
 * Has a program show a file system at a directory, as long as this process lives: the kernel ends the program with it
 * (prctl(2), PR_SET_PDEATHSIG), so also when it is killed.
 *
 * @returns why it did not come to that, in the words of the program; `null` if it is mounted
 */
export function mountByProgram(
  type: FileSystemType,
  file: string,
  at: string,
  scratch: string,
): string | null {
  const words = PROGRAMS[type]?.(file, at);
  if (words === undefined) return `there is no program for ${type}`;
  const said = join(scratch, 'said');
  const output = openSync(said, 'w');
  const child = spawn('setpriv', ['--pdeathsig=KILL', '--', ...words], {
    stdio: ['ignore', output, output],
    // Keys of the terminal are for the command.
    detached: true,
  });
  closeSync(output);
  // An event that nobody waits for would be an exception.
  child.on('error', () => {});
  child.unref();
  for (const end = Date.now() + PATIENCE; child.pid !== undefined && Date.now() < end; ) {
    if (isFileSystemRoot(at)) {
      running.push(child);
      return null;
    }
    if (hasEnded(child.pid)) break;
    Atomics.wait(PAUSE, 0, 0, 5);
  }
  child.kill('SIGKILL');
  return readFileSync(said, 'utf8').trim().split('\n').at(-1) || `${words[0]} did not mount it`;
}

/** Ends these programs; nobody else would wait for them in a container without an init. */
export async function endPrograms(): Promise<void> {
  for (const child of running.splice(0)) {
    const ended = once(child, 'exit');
    child.ref();
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await ended;
  }
}

/** Nothing is told of children while this process does not wait for events, but the process table knows. */
function hasEnded(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}
