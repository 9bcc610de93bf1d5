import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout } from 'node:timers/promises';

/** Of this run of the suite: others may be under way on the same machine. Workers of jest inherit it. */
process.env['SYSEXT_E2E_RUN'] ??= String(process.pid);

/** What the tests begin the names of their temporary directories with. */
export const PREFIX = `sysext-e2e-${process.env['SYSEXT_E2E_RUN']}-`;

declare global {
  /** The machine as the suite found it; jest calls both ends in one process. */
  var surroundings: Surroundings | undefined;
}

/** What of the machine outlives a mount namespace, or is outside of all of them. */
interface Surroundings {
  /** Mounts of the machine, but for those that others make in the directory for temporary files. */
  readonly mounts: readonly string[];
  /** Loop devices with a file of these tests. */
  readonly loops: readonly string[];
  /** The directory of the program in /run/systemd, and what is in it. */
  readonly run: readonly string[];
  /** Names in the directory for temporary files that these tests give. */
  readonly temporary: readonly string[];
  /** Programs that have to do with a file of these tests. */
  readonly processes: readonly string[];
}

function observe(): Surroundings {
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => !line.includes(` ${tmpdir()}/`) || line.includes(PREFIX)),
    loops: readdirSync('/sys/block').filter((name) =>
      read(`/sys/block/${name}/loop/backing_file`).includes(PREFIX),
    ),
    run: [...namesIn('/run/systemd').filter((name) => name === 'sysext'), ...namesIn('/run/systemd/sysext')],
    temporary: namesIn(tmpdir()).filter((name) => name.startsWith(PREFIX)),
    processes: readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim())
      .filter((command) => command.includes(PREFIX)),
  };
}

/**
 * Runs before the suite and again after it (jest.config.js), as one file because jest resolves no imports here: the
 * first time it looks at the machine, the second time it fails if the machine is not as it was.
 *
 * @throws Error with all that the tests have left
 */
export default async function leaveNothing(): Promise<void> {
  const before = globalThis.surroundings;
  if (before === undefined) {
    globalThis.surroundings = observe();
    return;
  }
  let differences = compare(before, observe());
  // Loop devices and processes go a moment after their last user, and other suites come and go as well.
  for (let attempt = 0; differences.length > 0 && attempt < 40; attempt += 1) {
    await setTimeout(50);
    differences = compare(before, observe());
  }
  if (differences.length > 0)
    throw new Error(`the tests left the machine changed:\n${differences.join('\n')}`);
}

/** What is there now that was not there before, or the other way round. */
function compare(before: Surroundings, after: Surroundings): string[] {
  return (Object.keys(before) as (keyof Surroundings)[]).flatMap((aspect) => [
    ...after[aspect]
      .filter((line) => !before[aspect].includes(line))
      .map((line) => `${aspect}: new: ${line}`),
    ...before[aspect]
      .filter((line) => !after[aspect].includes(line))
      .map((line) => `${aspect}: gone: ${line}`),
  ]);
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It is no loop device in use, or the process has ended.
    return '';
  }
}
