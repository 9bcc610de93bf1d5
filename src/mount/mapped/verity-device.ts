import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CommandResult, runCommand } from '../../host/process.js';
import type { LoopWindow } from '../loop-window.js';
import type { Workspace } from '../workspace.js';
import { attachLoop } from './loop-device.js';
import { recordDevice } from './record.js';

/** What dm-verity is given: data and hash tree, each a part of a file or block device. */
export interface VerityDeviceSettings {
  readonly data: { readonly path: string } & LoopWindow;
  readonly tree: { readonly path: string } & LoopWindow;
  /** In lower-case hexadecimal digits. */
  readonly rootHash: string;
  /** PKCS#7 in DER form for the kernel to check against its keyring; `null` to leave that out. */
  readonly signature: Buffer | null;
}

/** @returns whether the kernel has taken the signature too, if there was one, and the device; or why it refused */
export type VerityDeviceResult =
  | {
      readonly kind: 'open';
      readonly device: string;
      readonly signed: boolean;
      readonly loops: readonly string[];
    }
  | { readonly kind: 'refused'; readonly result: CommandResult };

/**
 * Opens a device through which the kernel checks each block when it is read (veritysetup(8)). The signature is offered to the
 * kernel first; where that has no keyring for it, or not the certificate, the device is opened without.
 *
 * @throws CommandFailedError of losetup(8), CommandMissingError
 */
export function openVerityDevice(
  { data, tree, rootHash, signature }: VerityDeviceSettings,
  workspace: Workspace,
): VerityDeviceResult {
  const dataDevice = attachLoop(data.path, data, workspace);
  const treeDevice = attachLoop(tree.path, tree, workspace);
  const loops = [dataDevice, treeDevice];
  // Unlike an image's name, it is no other's, and short enough.
  const name = `sysext-${basename(dataDevice)}-verity`;
  recordDevice(workspace, { kind: 'mapped', program: 'veritysetup', name });
  const open = (options: readonly string[]) => {
    const command = ['veritysetup', 'open', ...options, dataDevice, name, treeDevice, rootHash];
    return runCommand(command, { descriptors: [workspace.lock] });
  };
  const device = `/dev/mapper/${name}`;
  if (signature !== null) {
    const file = join(workspace.directory, `${name}.p7s`);
    writeFileSync(file, signature, { mode: 0o600 });
    if (open([`--root-hash-signature=${file}`]).status === 0)
      return { kind: 'open', device, signed: true, loops };
  }
  const result = open([]);
  return result.status === 0 ? { kind: 'open', device, signed: false, loops } : { kind: 'refused', result };
}
