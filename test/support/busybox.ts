import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from './debian.js';
import { CHECKOUT } from './program.js';

/** A busybox: that of the machine, or that of the tree which scripts/containers.sh makes; `null` where there is none. */
export function findBusybox(): string | null {
  const ofTree = join(CHECKOUT, '.cache/containers/busybox/bin/busybox');
  return findCommand('busybox') ?? (existsSync(ofTree) ? ofTree : null);
}
