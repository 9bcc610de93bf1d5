import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errorCode } from '../../src/host/root.js';

/** Loop devices whose file is below a root. */
export function loopDevices(root: string): string[] {
  return readdirSync('/sys/block')
    .map((name) => join('/sys/block', name, 'loop/backing_file'))
    .filter((path) => backingFile(path)?.startsWith(`${root}/`))
    .map((path) => basename(join(path, '../..')));
}

/** `null` for a loop device without a file, also if it has lost it this moment. */
function backingFile(path: string): string | null {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  } catch (error) {
    if (['ENODEV', 'ENXIO', 'ENOENT'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}
