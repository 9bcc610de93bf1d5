import { existsSync, readdirSync } from 'node:fs';
import { CommandFailedError, mustRun, runCommand } from '../../host/process.js';
import type { LoopWindow } from '../loop-window.js';
import type { Workspace } from '../workspace.js';
import { whileContended } from './contended-loop.js';
import { recordDevice } from './record.js';

/**
 * Makes a read-only loop device for a part of a file or block device, for the programs of cryptsetup; mount(8) makes its
 * own. It stays until releaseDevices().
 *
 * @returns the device's path
 * @throws CommandFailedError, CommandMissingError
 */
export function attachLoop(path: string, { offset, size }: LoopWindow, workspace: Workspace): string {
  recordDevice(workspace, { kind: 'loop-wanted', path, others: loopsOf(path, workspace) });
  const window = [`--offset=${offset}`, ...(size === null ? [] : [`--sizelimit=${size}`])];
  const command = ['losetup', '--find', '--show', '--read-only', ...window, '--', path];
  const result = whileContended(() => runCommand(command, { descriptors: [workspace.lock] }));
  if (result.status !== 0) throw new CommandFailedError(result);
  const device = result.stdout.trim();
  recordDevice(workspace, { kind: 'loop', device });
  return device;
}

/** Whether there are any: a container mostly gets none (loop(4)). */
export function hasLoopDevices(): boolean {
  return existsSync('/dev/loop-control') || readdirSync('/dev').some((name) => /^loop\d/.test(name));
}

/** Lets go of a loop device; of one that is in use when its last user has gone (losetup(8)). */
export function detachLoop(device: string, { lock }: Workspace): void {
  // One that is gone already is as good.
  runCommand(['losetup', '--detach', device], { descriptors: [lock] });
}

/** The loop devices over a file. @throws CommandFailedError, CommandMissingError */
export function loopsOf(path: string, { lock }: Workspace): string[] {
  const command = ['losetup', '--list', '--noheadings', '--output=NAME', `--associated=${path}`];
  const { stdout } = mustRun(command, { descriptors: [lock] });
  return stdout.split('\n').flatMap((line) => line.trim() || []);
}
