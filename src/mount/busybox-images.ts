import { statSync } from 'node:fs';
import { loopsOver } from '../host/loops-over.js';
import { type CommandResult, mustRun, runCommand } from '../host/process.js';
import type { MountableFileSystem } from './images.js';
import type { LoopWindow } from './loop-window.js';
import { recordDevice } from './mapped/record.js';
import { commands } from './mount-command.js';
import type { Workspace } from './workspace.js';

/** A loop device shows whole sectors. */
const SECTOR = 512n;

/**
 * Mounts a file system of an image with the mount(8) of busybox, which makes a loop device for all of a file by itself. For one that
 * begins in the middle losetup(8) of busybox makes it. None that ends before the file does can be made, so where nothing behind
 * the checked data may be read it is not mounted.
 *
 * @param options of mount(8), none of them about loop devices
 * @throws CommandMissingError, CommandFailedError of losetup(8)
 */
export function mountWithBusybox(
  image: MountableFileSystem,
  options: string,
  workspace: Workspace,
): CommandResult {
  const { source, loop, type, at } = image;
  const isWhole = loop === null || (loop.offset === 0n && (!image.isLimited || reachesEnd(source, loop)));
  if (!isWhole && image.isLimited) return refusal(source);
  const device = isWhole ? source : attach(source, loop, workspace);
  const command = commands.fileSystem(type, options, device, at);
  return runCommand(command, { descriptors: [workspace.lock] });
}

function reachesEnd(path: string, { size }: LoopWindow): boolean {
  return size === null || size / SECTOR >= statSync(path, { bigint: true }).size / SECTOR;
}

function refusal(path: string): CommandResult {
  const stderr =
    'the losetup of busybox makes no loop device that ends where the checked data does; install mount and losetup of util-linux';
  return { command: ['losetup', path], status: 1, signal: null, stdout: '', stderr };
}

function attach(path: string, { offset }: LoopWindow, workspace: Workspace): string {
  const others = loopsOver(path);
  recordDevice(workspace, { kind: 'loop-wanted', path, others });
  mustRun(['losetup', '-r', '-o', String(offset), '-f', path], { descriptors: [workspace.lock] });
  // It does not say which one it has taken.
  const device = loopsOver(path).find((one) => !others.includes(one)) ?? '';
  recordDevice(workspace, { kind: 'loop', device });
  return device;
}
