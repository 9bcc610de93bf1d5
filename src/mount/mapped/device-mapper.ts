import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { CommandMissingError, requireCommand } from '../../host/process.js';

/** What is missing before a block device can be read through a program of cryptsetup. */
export type MapperProblem =
  /** The kernel has no device mapper, or this container may not use it. */
  | { readonly kind: 'no-device-mapper' }
  /** veritysetup(8) or cryptsetup(8) is not installed. */
  | { readonly kind: 'no-program'; readonly program: string };

/** Whether the kernel's device mapper can be used through a program. @returns `null` if so */
export function findMapperProblem(program: 'veritysetup' | 'cryptsetup'): MapperProblem | null {
  try {
    requireCommand(program);
  } catch (error) {
    if (error instanceof CommandMissingError) return { kind: 'no-program', program };
    throw error;
  }
  return hasDeviceMapper() ? null : { kind: 'no-device-mapper' };
}

/**
 * The kernel lists the driver when it is there. Where it is a module, opening its control node, which udev makes for
 * modules that are not loaded yet, loads it (modules.devname of depmod(8)).
 */
export function hasDeviceMapper(): boolean {
  if (isListed()) return true;
  try {
    closeSync(openSync('/dev/mapper/control', constants.O_RDWR | constants.O_NONBLOCK));
  } catch {
    return false;
  }
  return isListed();
}

function isListed(): boolean {
  try {
    return /^\s*\d+ device-mapper$/m.test(readFileSync('/proc/misc', 'utf8'));
  } catch {
    return false;
  }
}
