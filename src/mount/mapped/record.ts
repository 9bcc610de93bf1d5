import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../../host/files.js';
import { isMissing } from '../../host/root.js';
import type { Workspace } from '../workspace.js';

/** A device that was made for the time of mounting, as a line of JSON in the workspace. */
export type DeviceRecord =
  | {
      /** A loop device is about to be made over `path`, which has the devices `others` already. */
      readonly kind: 'loop-wanted';
      readonly path: string;
      readonly others: readonly string[];
    }
  | { readonly kind: 'loop'; readonly device: string }
  /** A device of device mapper is there or about to be made. */
  | { readonly kind: 'mapped'; readonly program: 'veritysetup' | 'cryptsetup'; readonly name: string };

/** Written before the device is made, so that a call which is killed leaves none that nobody knows of. */
export function recordDevice({ directory }: Workspace, record: DeviceRecord): void {
  appendFileSync(join(directory, 'devices'), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** In the order in which they were made. A last line that was not written whole is left out: its device was not made. */
export function readDeviceRecords({ directory }: Workspace): DeviceRecord[] {
  let text: string;
  try {
    text = readTextFile(join(directory, 'devices'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as DeviceRecord);
}
