import { isSwitchedOff } from '../config/kernel-command-line.js';
import { isInitrd } from '../host/initrd.js';
import { readKernelCommandLine } from '../host/kernel-command-line.js';
import type { CommandLine } from './command-line.js';
import type { Environment } from './context.js';

/**
 * Whether the kernel command line says that nothing shall be merged at boot (`systemd.sysext=0`). Only what a service
 * manager starts obeys: systemd tells the process that it started which one that is (systemd.exec(5),
 * `SYSTEMD_EXEC_PID`), OpenRC the name of the service. Whoever calls the program by hand means it.
 */
export function isSwitchedOffAtBoot({ extensionClass, root }: CommandLine, env: Environment): boolean {
  const byService =
    env['SYSTEMD_EXEC_PID'] === String(process.pid) || env['RC_SVCNAME'] === extensionClass.name;
  if (!byService) return false;
  return isSwitchedOff(readKernelCommandLine(), extensionClass, root === '/' && isInitrd('/'));
}
