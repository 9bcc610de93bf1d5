import { DEBIAN_PACKAGES, type PackagedProgram } from '../../host/debian-packages.js';
import { CommandMissingError, type CommandResult, runCommand } from '../../host/process.js';
import type { FileSystemType } from '../../images/content.js';

/** Programs that take the files out of a file system. They run in the directory that the files go to: that needs no quoting. */
const UNPACKERS: Readonly<
  Partial<Record<FileSystemType, (file: string) => readonly [PackagedProgram, ...string[]]>>
> = {
  squashfs: (file) => ['unsquashfs', '-no-progress', '-force', '-no-xattrs', '-dest', '.', file],
  erofs: (file) => ['fsck.erofs', '--extract=.', '--overwrite', '--no-preserve-owner', file],
  ext4: (file) => ['debugfs', '-R', 'rdump / .', file],
};

/** Why the files could not be had. */
export type UnpackProblem =
  /** Only the kernel reads it. */
  | { readonly kind: 'no-unpacker' }
  | { readonly kind: 'unpacker-missing'; readonly command: string; readonly package: string }
  | { readonly kind: 'unpacker-failed'; readonly command: string; readonly said: string };

/** What these programs say of owners that the user namespace has no number for: the files are there all the same. */
const HARMLESS =
  /^$|^debugfs \d|uid|gid|owner|\bset_attributes\b|changing ownership|^\s*(created|Parallel|\d+ inodes)|^<W> |lost\+found/i;

/**
 * Takes the files out of a file system.
 *
 * @param file with the file system at its beginning
 * @param at directory that exists
 * @returns `null` when that is done
 */
export function unpack(type: FileSystemType, file: string, at: string): UnpackProblem | null {
  const words = UNPACKERS[type]?.(file);
  if (words === undefined) return { kind: 'no-unpacker' };
  const [command] = words;
  try {
    const said = complaintOf(runCommand(words, { cwd: at }));
    return said === null ? null : { kind: 'unpacker-failed', command, said };
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    return { kind: 'unpacker-missing', command, package: DEBIAN_PACKAGES[command] };
  }
}

/** debugfs(8) ends with 0 whatever happens, unsquashfs(1) with 2 for an owner that it could not set: so what is said counts. */
function complaintOf({ status, signal, stderr }: CommandResult): string | null {
  const complaint = stderr.split('\n').find((line) => !HARMLESS.test(line));
  if (complaint !== undefined) return complaint.trim();
  if (status === 0 || status === 2) return null;
  return signal === null ? `exit status ${status}` : `killed by ${signal}`;
}
