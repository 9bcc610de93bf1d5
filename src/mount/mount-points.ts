import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isMissing } from '../host/root.js';
import type { Step } from '../overlay/step.js';
import { makeAlike } from './alike.js';

/**
 * A mount point that no layer has is made in the metadata layer: an extension that had it may have been replaced.
 * Directories on the way look as in the layer that is seen there.
 */
export function makeMountPoints(
  { metadata, mountPoints }: Extract<Step, { kind: 'mount-overlay' }>,
  layers: readonly string[],
): void {
  const find = (path: string) => {
    const found = layers.map((layer) => statSync(join(layer, path), { throwIfNoEntry: false }));
    return found.find((status) => status !== undefined);
  };
  for (const { relative, isDirectory } of mountPoints) {
    if (layers.some((layer) => hasEntry(layer, relative))) continue;
    const parts = relative.split('/');
    for (const index of parts.keys()) {
      const part = parts.slice(0, index + 1).join('/');
      const path = join(metadata, part);
      if (index === parts.length - 1 && !isDirectory) {
        writeFileSync(path, '');
        continue;
      }
      mkdirSync(path, { recursive: true });
      const seen = find(part);
      if (seen !== undefined) makeAlike(path, seen);
    }
  }
}

/** Looked for in the directory, because what is mounted there may never answer. */
function hasEntry(layer: string, path: string): boolean {
  try {
    return readdirSync(join(layer, dirname(path))).includes(basename(path));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
