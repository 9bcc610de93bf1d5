import { fstatSync } from 'node:fs';

/** Major number of `/dev/null` and its like (admin-guide/devices.txt). */
const MEMORY_DEVICES = 1;

/** Whether somebody looks at it. What knows terminals takes long to load, so it is asked only of what can be one. */
export async function isTerminal(descriptor: number): Promise<boolean> {
  try {
    const status = fstatSync(descriptor);
    if (!status.isCharacterDevice() || status.rdev >> 8 === MEMORY_DEVICES) return false;
  } catch {
    return false;
  }
  return (await import('node:tty')).isatty(descriptor);
}
