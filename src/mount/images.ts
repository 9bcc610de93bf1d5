import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { isFileSystemRoot } from '../host/device.js';
import { CommandFailedError, type CommandResult, runCommand } from '../host/process.js';
import type { FileSystemType } from '../images/content.js';
import type { LoopWindow } from './loop-window.js';
import { whileContended } from './mapped/contended-loop.js';
import { attachLoop, hasLoopDevices } from './mapped/loop-device.js';
import { commands } from './mount-command.js';
import { mountProgram } from './mount-program.js';
import { makeDirectory, type Workspace } from './workspace.js';

/** A file system of an image, and where it is to be mounted. */
export interface MountableFileSystem {
  /** The image's name and path, for messages. */
  readonly name: string;
  readonly path: string;
  /** What mount(8) gets: the image, or the device through which its content is decrypted or checked. */
  readonly source: string;
  readonly type: FileSystemType;
  /** Which bytes of `source` a loop device is to show; `null` for a block device that is mounted as it is. */
  readonly loop: LoopWindow | null;
  /** Whether nothing behind the window may be read, because it was not checked. */
  readonly isLimited: boolean;
  /** A directory that exists, free of symlinks. */
  readonly at: string;
}

/** A file system that mount(8), so the kernel, would not mount. */
export class ImageMountError extends Error {
  constructor(
    readonly image: MountableFileSystem,
    result: CommandResult,
    /** It would have needed a loop device, and there are none. */
    readonly noLoopDevices: boolean,
  ) {
    super(`Failed to mount '${image.path}'`, { cause: new CommandFailedError(result) });
  }
}

/**
 * An image is never written to: not even its journal is replayed, which file systems otherwise do for a read-only
 * mount as well (mount(8); xfs(5), btrfs(5)). Two copies of one image carry the same UUID, which xfs refuses by itself.
 */
const OPTIONS: Readonly<Record<FileSystemType, string>> = {
  squashfs: '',
  erofs: '',
  ext4: ',noload',
  btrfs: ',rescue=nologreplay',
  xfs: ',norecovery,nouuid',
  vfat: '',
};

/**
 * Mounts file systems read-only, all by one mount(8) process.
 *
 * @param flags mount flags beside `ro`: what the merged hierarchy must not allow, the image does not either
 * @throws ImageMountError for the first that fails, CommandMissingError, CommandFailedError of losetup(8)
 */
export function mountImages(
  images: readonly MountableFileSystem[],
  flags: readonly string[],
  workspace: Workspace,
): void {
  if (images.length === 0) return;
  for (const { at } of images) makeDirectory(at);
  const mountRest = (): CommandResult => {
    const rest = images.filter(({ at }) => !isFileSystemRoot(at));
    writeFileSync(workspace.imageTable, rest.map((image) => tableLine(image, flags)).join(''));
    return runCommand(commands.table(workspace.imageTable), { descriptors: [workspace.lock] });
  };
  const result = hasLoopDevices() ? whileContended(mountRest) : mountRest();
  for (const image of images) {
    if (isFileSystemRoot(image.at)) continue;
    const alone = mountProgram() === 'busybox' ? mountAlone(image, flags, workspace) : null;
    if (alone?.status === 0) continue;
    const failure = alone ?? onlyAbout(image, result);
    if (mountWithoutLoop(image, flags, workspace) || mountOverlapping(image, failure, flags, workspace))
      continue;
    throw new ImageMountError(image, failure, image.loop !== null && !hasLoopDevices());
  }
}

/**
 * Busybox names no mount point when it fails, and takes the path of an image to end at a `#`: so what it did not mount from the
 * table is tried once more by itself, under a name that has none.
 */
function mountAlone(
  { type, loop, source, at }: MountableFileSystem,
  flags: readonly string[],
  { imageTable, lock }: Workspace,
): CommandResult {
  const link = `${imageTable}.image`;
  symlinkSync(source, link);
  try {
    const options = mountOptions(type, loopOptions(loop), flags);
    return runCommand(commands.fileSystem(type, options, link, at), { descriptors: [lock] });
  } finally {
    rmSync(link);
  }
}

/**
 * Where there are no loop devices, as in many containers, an erofs file system can be mounted from the file itself: since
 * Linux 6.12, from the middle of it since 6.17, with mount(8) 2.42. An older mount(8) tries to make a loop device again.
 * It does not end anywhere then, so not where only a part of the file was checked.
 */
function mountWithoutLoop(
  image: MountableFileSystem,
  flags: readonly string[],
  { lock }: Workspace,
): boolean {
  const { type, loop, source, at } = image;
  if (type !== 'erofs' || loop === null || image.isLimited) return false;
  const offset = loop.offset === 0n ? [] : [`fsoffset=${loop.offset}`];
  const command = commands.fileSystem(type, ['ro', ...offset, ...flags].join(','), source, at);
  return runCommand(command, { descriptors: [lock] }).status === 0;
}

/**
 * mount(8) makes no loop device for bytes that another one shows as well, unless that shows the very same ones: it was
 * made to be safe for writing. But the same image may be merged already with another window, under another image policy,
 * and somebody may have attached the whole disk. losetup(8) makes one if it is asked to.
 */
function mountOverlapping(
  { type, loop, source, at }: MountableFileSystem,
  { stderr }: CommandResult,
  flags: readonly string[],
  workspace: Workspace,
): boolean {
  if (loop === null || !stderr.includes('overlapping loop device')) return false;
  const device = attachLoop(source, loop, workspace);
  const command = commands.fileSystem(type, mountOptions(type, [], flags), device, at);
  return runCommand(command, { descriptors: [workspace.lock] }).status === 0;
}

function tableLine({ source, at, type, loop }: MountableFileSystem, flags: readonly string[]): string {
  const options = mountOptions(type, loopOptions(loop), flags);
  return `${[source, at].map(escapeField).join(' ')} ${type} ${options} 0 0\n`;
}

/** Options of mount(8). @param loop those that have it make a loop device */
export function mountOptions(
  type: FileSystemType,
  loop: readonly string[],
  flags: readonly string[],
): string {
  return ['ro', ...loop, ...flags].join(',') + OPTIONS[type];
}

function loopOptions(loop: LoopWindow | null): string[] {
  if (loop === null) return [];
  const offset = loop.offset === 0n ? [] : [`offset=${loop.offset}`];
  return ['loop', ...offset, ...(loop.size === null ? [] : [`sizelimit=${loop.size}`])];
}

/** fstab(5): what would end a field is written as an octal number. */
export function escapeField(text: string): string {
  return text.replace(/[ \t\n\v\f\r\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** mount(8) tells about each line that failed; the message about this one begins with its mount point. */
function onlyAbout({ at }: MountableFileSystem, result: CommandResult): CommandResult {
  const prefix = `mount: ${at}: `;
  const lines = result.stderr.split('\n').filter((line) => line.startsWith(prefix));
  const stderr =
    lines.length === 0 ? result.stderr : lines.map((line) => line.slice(prefix.length)).join('\n');
  return { ...result, stderr };
}
