import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { mustRun } from '../../host/process.js';
import type { LoopWindow } from '../loop-window.js';
import type { Workspace } from '../workspace.js';
import { attachLoop } from './loop-device.js';
import { recordDevice } from './record.js';

/**
 * Opens a LUKS volume for reading with a key file (cryptsetup-open(8)).
 *
 * @returns the device with the decrypted content, and the loop device below it
 * @throws CommandFailedError, if the key does not fit, CommandMissingError
 */
export function openEncryptedDevice(
  { path, ...window }: { readonly path: string } & LoopWindow,
  keyFile: string,
  workspace: Workspace,
): { readonly device: string; readonly loop: string } {
  const source = attachLoop(path, window, workspace);
  const name = `sysext-${basename(source)}-luks`;
  recordDevice(workspace, { kind: 'mapped', program: 'cryptsetup', name });
  const options = ['--type=luks', '--readonly', '--batch-mode', `--key-file=${keyFile}`];
  mustRun(['cryptsetup', 'open', ...options, source, name], { descriptors: [workspace.lock] });
  // Where udev runs, the name is a symlink.
  return { device: realpathSync(`/dev/mapper/${name}`), loop: source };
}
