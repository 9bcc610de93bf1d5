import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Loop devices whose file is below a root. */
export function loopDevices(root: string): string[] {
  return readdirSync('/sys/block')
    .map((name) => join('/sys/block', name, 'loop/backing_file'))
    .filter((path) => existsSync(path) && readFileSync(path, 'utf8').startsWith(`${root}/`))
    .map((path) => basename(join(path, '../..')));
}
