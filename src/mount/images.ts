import { writeFileSync } from 'node:fs';
import { isFileSystemRoot } from '../host/device.js';
import { CommandFailedError, type CommandResult, runCommand } from '../host/process.js';
import type { FileSystemType } from '../images/content.js';
import { commands } from './mount-command.js';
import { makeDirectory, type Workspace } from './workspace.js';

/** An image file or block device whose file system is to be mounted in the workspace. */
export interface MountableImage {
  readonly name: string;
  readonly path: string;
  readonly type: FileSystemType;
  readonly isBlockDevice: boolean;
}

/** An image that mount(8), so the kernel, would not mount. */
export class ImageMountError extends Error {
  constructor(
    readonly image: MountableImage,
    result: CommandResult,
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
 * Mounts images read-only, each at its place in the workspace, all by one mount(8) process.
 *
 * @param flags mount flags beside `ro`: what the merged hierarchy must not allow, the image does not either
 * @throws ImageMountError for the first that fails, CommandMissingError
 */
export function mountImages(
  images: readonly MountableImage[],
  flags: readonly string[],
  workspace: Workspace,
): void {
  if (images.length === 0) return;
  for (const image of images) makeDirectory(workspace.extension(image.name));
  writeFileSync(workspace.imageTable, images.map((image) => tableLine(image, flags, workspace)).join(''));
  const result = runCommand(commands.table(workspace.imageTable), { descriptors: [workspace.lock] });
  const failed = images.find((image) => !isFileSystemRoot(workspace.extension(image.name)));
  if (failed !== undefined) throw new ImageMountError(failed, onlyAbout(failed, workspace, result));
}

function tableLine(image: MountableImage, flags: readonly string[], workspace: Workspace): string {
  const loop = image.isBlockDevice ? [] : ['loop'];
  const options = ['ro', ...loop, ...flags].join(',') + OPTIONS[image.type];
  const fields = [image.path, workspace.extension(image.name)].map(escapeField);
  return `${fields.join(' ')} ${image.type} ${options} 0 0\n`;
}

/** fstab(5): what would end a field is written as an octal number. */
function escapeField(text: string): string {
  return text.replace(/[ \t\n\v\f\r\\#]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** mount(8) tells about each line that failed; the message about this one begins with its mount point. */
function onlyAbout(image: MountableImage, workspace: Workspace, result: CommandResult): CommandResult {
  const prefix = `mount: ${workspace.extension(image.name)}: `;
  const lines = result.stderr.split('\n').filter((line) => line.startsWith(prefix));
  const stderr =
    lines.length === 0 ? result.stderr : lines.map((line) => line.slice(prefix.length)).join('\n');
  return { ...result, stderr };
}
