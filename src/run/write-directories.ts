import { closeSync, constants, existsSync, mkdirSync, opendirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { errorCode } from '../host/root.js';
import { makeAlike } from '../mount/alike.js';
import type { Target } from '../overlay/plan.js';

/** What the command writes to one hierarchy, held open: no path leads there when the workspace is gone. */
export interface Written {
  readonly extensionClass: ExtensionClass;
  readonly hierarchy: string;
  readonly descriptor: number;
  /** Directories that were made beforehand, in the order in which they were: parents first. */
  readonly prepared: readonly string[];
}

/**
 * Makes all directories of a hierarchy beforehand where the command may write to it. In a user namespace overlayfs cannot do
 * that when it is needed: they belong to users that have no number there, and a copy of such a one cannot be made.
 *
 * @returns their paths below the hierarchy
 * @throws the errors of Node's file functions but for what may not be looked at
 */
export function prepareDirectories({ path, extensions, writing }: Target): string[] {
  const prepared = new Set<string>();
  const layers = [...(existsSync(path) ? [path] : []), ...extensions.map((layer) => layer.path).toReversed()];
  for (const layer of layers) {
    const ahead = [''];
    for (let here = ahead.pop(); here !== undefined; here = ahead.pop()) {
      const target = join(writing.upper!.path, here);
      if (!existsSync(target)) mkdirSync(target, { recursive: true });
      makeAlike(target, statSync(join(layer, here)));
      if (here !== '') prepared.add(here);
      ahead.push(...directoriesIn(layer, here));
    }
  }
  return [...prepared];
}

function directoriesIn(layer: string, here: string): string[] {
  const names: string[] = [];
  try {
    const directory = opendirSync(join(layer, here));
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync())
        if (entry.isDirectory()) names.push(join(here, entry.name));
    } finally {
      directory.closeSync();
    }
  } catch (error) {
    // What this user may not look into, nothing is written to either; nor is a name that is not UTF-8 found again.
    if (!['EACCES', 'EPERM', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
  return names;
}

/** @throws the error of open(2) */
export function holdWritten(
  { hierarchy, writing }: Target,
  extensionClass: ExtensionClass,
  prepared: readonly string[],
): Written {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY;
  return { extensionClass, hierarchy, descriptor: openSync(writing.upper!.path, flags), prepared };
}

export function letGo(written: readonly Written[]): void {
  for (const { descriptor } of written) closeSync(descriptor);
}
