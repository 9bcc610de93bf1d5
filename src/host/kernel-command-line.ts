import { readFileSync } from 'node:fs';

/** The kernel command line; empty where there is no `/proc`. */
export function readKernelCommandLine(): string {
  try {
    return readFileSync('/proc/cmdline', 'utf8');
  } catch {
    return '';
  }
}
