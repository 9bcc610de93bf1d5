import { CommandMissingError, type CommandResult, runCommand } from '../../host/process.js';
import type { FileSystemType } from '../../images/content.js';

/** A program that takes the files out of a file system, and where it belongs. */
interface Unpacker {
  readonly package: string;
  /** It runs in the directory that the files go to, so that this needs no quoting. */
  readonly command: (file: string) => readonly string[];
}

const UNPACKERS: Readonly<Partial<Record<FileSystemType, Unpacker>>> = {
  squashfs: {
    package: 'squashfs-tools',
    command: (file) => ['unsquashfs', '-no-progress', '-force', '-no-xattrs', '-dest', '.', file],
  },
  erofs: {
    package: 'erofs-utils',
    command: (file) => ['fsck.erofs', '--extract=.', '--overwrite', '--no-preserve-owner', file],
  },
  ext4: { package: 'e2fsprogs', command: (file) => ['debugfs', '-R', 'rdump / .', file] },
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
  const unpacker = UNPACKERS[type];
  if (unpacker === undefined) return { kind: 'no-unpacker' };
  const [command = '', ...words] = unpacker.command(file);
  try {
    const said = complaintOf(runCommand([command, ...words], { cwd: at }));
    return said === null ? null : { kind: 'unpacker-failed', command, said };
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    return { kind: 'unpacker-missing', command, package: unpacker.package };
  }
}

/** debugfs(8) ends with 0 whatever happens, unsquashfs(1) with 2 for an owner that it could not set: so what is said counts. */
function complaintOf({ status, signal, stderr }: CommandResult): string | null {
  const complaint = stderr.split('\n').find((line) => !HARMLESS.test(line));
  if (complaint !== undefined) return complaint.trim();
  if (status === 0 || status === 2) return null;
  return signal === null ? `exit status ${status}` : `killed by ${signal}`;
}
