import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { deviceOf } from './device.js';

/**
 * The block device, `MAJOR:MINOR`, that a directory's file system lies on; `null` for file systems without one
 * (tmpfs, overlay, network). Of a device-mapper device over a single other one (LUKS) the lower one is meant, so
 * that whoever looks for the disk of `/usr` finds the disk.
 */
export function backingDeviceOf(path: string): string | null {
  const device = deviceOf(path);
  // Major number 0 is for file systems without a block device of their own (admin-guide/devices.txt).
  if (device === null || device.startsWith('0:')) return null;
  return soleSlaveOf(device) ?? device;
}

function soleSlaveOf(device: string): string | null {
  try {
    const directory = realpathSync(`/sys/dev/block/${device}`);
    if (!basename(directory).startsWith('dm-')) return null;
    const slaves = readdirSync(`${directory}/slaves`);
    if (slaves.length !== 1) return null;
    return readFileSync(`${directory}/slaves/${slaves[0]}/dev`, 'utf8').trim();
  } catch {
    return null;
  }
}
