import { runCommand } from '../../host/process.js';
import type { Workspace } from '../workspace.js';
import { detachLoop, loopsOf } from './loop-device.js';
import { readDeviceRecords } from './record.js';

/**
 * Lets go of all devices that were made in a workspace: one that is mounted goes when it is unmounted, one that is not,
 * at once. To be called when all is mounted, and after a call that was killed.
 *
 * @throws the errors of reading the records; a device that cannot be let go of is gone, or in use, which is meant
 */
export function releaseDevices(workspace: Workspace): void {
  const records = readDeviceRecords(workspace);
  const descriptors = [workspace.lock];
  for (const record of records.toReversed()) {
    if (record.kind === 'mapped')
      runCommand([record.program, 'close', '--deferred', record.name], { descriptors });
    if (record.kind === 'loop') detachLoop(record.device, workspace);
  }
  // Killed while losetup(8) was at work, nobody was told the number of the device.
  const last = records.at(-1);
  if (last?.kind !== 'loop-wanted') return;
  for (const device of loopsOf(last.path, workspace)) {
    if (!last.others.includes(device)) detachLoop(device, workspace);
  }
}
