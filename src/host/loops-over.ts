import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The loop devices over a file, as sysfs tells them. @param path free of symlinks */
export function loopsOver(path: string, sys = '/sys/block'): string[] {
  const names = existsSync(sys) ? readdirSync(sys).filter((name) => /^loop\d+$/.test(name)) : [];
  return names.flatMap((name) => (backingFileOf(join(sys, name)) === path ? [`/dev/${name}`] : []));
}

function backingFileOf(device: string): string | null {
  try {
    return readFileSync(join(device, 'loop/backing_file'), 'utf8').replace(/\n$/, '');
  } catch {
    return null; // it is free, or gone
  }
}
