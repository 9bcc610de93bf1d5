import { CommandFailedError, type CommandResult } from '../host/process.js';
import { runDirectly } from './direct.js';
import { runMount } from './mount-program.js';

/**
 * Command lines of mount(8) and umount(8) of util-linux. What those of busybox cannot do is done in other ways: see busybox.ts.
 * Short options where there are any.
 * `-n` writes nothing to /run/mount/utab, `-i` starts no helper program of a file system.
 */
export const commands = {
  /** The workspace. Private, because a mount can only be moved or hidden from others below a private one. */
  tmpfs: (at: string) => [
    'mount',
    '-n',
    '-i',
    '-t',
    'tmpfs',
    '--make-private',
    '-o',
    'mode=0700,nosuid,nodev',
    'sysext',
    at,
  ],
  /** All lines of a table in the format of fstab(5), in one process. */
  table: (file: string) => ['mount', '-n', '-i', '-a', '-T', file],
  fileSystem: (type: string, options: string, source: string, at: string) => [
    'mount',
    '-n',
    '-i',
    '-t',
    type,
    '-o',
    options,
    source,
    at,
  ],
  overlay: (at: string, source: string, options: string) => [
    'mount',
    '-n',
    '-i',
    '-t',
    'overlay',
    '-o',
    options,
    source,
    at,
  ],
  /**
   * With all that is mounted below. The copies are private: as peers of the originals they would lose what is mounted
   * on them when that is unmounted from the originals (mount_namespaces(7)). Below a shared mount they are shared again.
   */
  copyTree: (from: string, to: string) => ['mount', '-n', '-i', '-o', 'rbind', '--make-rprivate', from, to],
  /** mknod(1): what overlayfs takes for "not there". */
  whiteout: (at: string) => ['mknod', at, 'c', '0', '0'],
  /** Without what is mounted below. */
  copyDirectory: (from: string, to: string) => [
    'mount',
    '-n',
    '-i',
    '-o',
    'bind',
    '--make-private',
    from,
    to,
  ],
  /** With all that is mounted below. */
  makePrivate: (at: string) => ['mount', '-n', '-i', '--make-rprivate', at],
  /** Without what is mounted below; shared where the directory is on a shared mount. */
  bindDirectory: (from: string, to: string) => ['mount', '-n', '-i', '-o', 'bind', from, to],
  /** The mount must be below a private one. */
  move: (from: string, to: string) => ['mount', '-n', '-i', '-o', 'move', from, to],
  /** mount(8) since 2.42. The mount to be moved must be below a private one. */
  moveBeneath: (from: string, to: string) => ['mount', '-n', '-i', '--beneath', '--move', from, to],
  /** With all that is mounted below; shared or not as the place is. */
  bindTree: (from: string, to: string) => ['mount', '-n', '-i', '-o', 'rbind', from, to],
  /** Mounts a directory over itself to make it read-only. */
  bindReadOnly: (at: string, flags: readonly string[]) => [
    'mount',
    '-n',
    '-i',
    '-o',
    ['bind', 'ro', ...flags].join(','),
    at,
    at,
  ],
  /** Lazy: the place is free at once, the file system goes when the last file in it is closed (umount2(2), MNT_DETACH). */
  detach: (...at: readonly string[]) => ['umount', '-n', '-i', '-l', ...at],
  /** The mount that descriptor 3 was opened on, even if another one covers it. `-c`: the path is not to be made plain. */
  detachDescriptor: ['umount', '-n', '-i', '-c', '-l', '/proc/self/fd/3'],
} as const;

/** mount(8) or umount(8) could not do what a step of the plan asks for. */
export class MountFailedError extends Error {
  constructor(
    /** What failed, in the words of the plan: `mount the overlay for '/usr'`. */
    readonly action: string,
    readonly result: CommandResult,
  ) {
    super(`Failed to ${action}`, { cause: new CommandFailedError(result) });
  }
}

export interface MountSettings {
  readonly cwd?: string;
  /** Lock file: stays locked until mount(8) has ended, even if this process is killed before. */
  readonly lock?: number;
}

/** @throws MountFailedError, CommandMissingError */
export function mount(action: string, command: readonly string[], settings: MountSettings = {}): void {
  const result = run(command, settings);
  if (result !== null && result.status !== 0) throw new MountFailedError(action, result);
}

/** The same, where there is another way if it fails. @returns whether it did not @throws CommandMissingError */
export function tryToMount(command: readonly string[], settings: MountSettings): boolean {
  const result = run(command, settings);
  return result === null || result.status === 0;
}

/** @returns `null` if no program was needed */
function run(command: readonly string[], { cwd, lock }: MountSettings): CommandResult | null {
  const left = runDirectly(command);
  if (left === null) return null;
  return runMount(left, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(lock === undefined ? {} : { descriptors: [lock] }),
  });
}
