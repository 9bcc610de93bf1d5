import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { walkTree } from '../check/tree.js';
import type { Stage } from './stage.js';

const PIECE = 1024 * 1024;

/** Numbers that look random, and are the same for the same tree. */
export interface Fingerprint {
  /** 32 bytes in hexadecimal digits. @param purpose each has one of its own */
  digits(purpose: string): string;
  /** Of version 8 (RFC 9562, section 5.8). */
  uuid(purpose: string): string;
}

/** Of all that is in the tree: names, types, modes, times, content. @throws the errors of reading it */
export function fingerprintOf({ root }: Stage): Fingerprint {
  const tree = createHash('sha256');
  for (const { path, type, mode, size, rdev, target } of walkTree(root).entries) {
    const place = join(root, path);
    const time = lstatSync(place).mtimeMs;
    tree.update(JSON.stringify([path, type, mode, type === 'file' ? size : 0, rdev, target, time]));
    if (type === 'file') updateWithContent(tree, place);
  }
  return fingerprintFrom(tree.digest('hex'));
}

export function fingerprintFrom(seed: string): Fingerprint {
  const digits = (purpose: string) => createHash('sha256').update(`${purpose} ${seed}`).digest('hex');
  return {
    digits,
    uuid: (purpose) =>
      digits(purpose).replace(
        /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/,
        (_, a: string, b: string, c: string, d: string, e: string) => `${a}-${b}-8${c}-8${d}-${e}`,
      ),
  };
}

function updateWithContent(hash: ReturnType<typeof createHash>, path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    for (let count = PIECE; count > 0; ) {
      count = readSync(descriptor, buffer, 0, PIECE, null);
      hash.update(buffer.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}
