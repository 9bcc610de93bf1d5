import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCommand, provide } from '../../support/debian.js';

/** Why there are no hash trees on this machine, or null. */
export const NO_VERITYSETUP = provide({ veritysetup: 'cryptsetup-bin' });

/** `describe`, left out with the reason in its name where veritysetup(8) is not to be had. */
export function describeWithTrees(name: string, body: () => void): void {
  if (NO_VERITYSETUP === null) describe(name, body);
  else describe.skip(`${name}, ${NO_VERITYSETUP}`, body);
}

export interface Protected {
  readonly data: Buffer;
  readonly tree: Buffer;
  readonly rootHash: Buffer;
}

/** Bytes that look random and are the same in every run. */
export function noise(size: number): Buffer {
  const pieces: Buffer[] = [];
  for (let i = 0; i * 64 < size; i++) pieces.push(createHash('sha512').update(`noise ${i}`).digest());
  return Buffer.concat(pieces).subarray(0, size);
}

/** Makes a hash tree with veritysetup(8) `format`, and has `verify` say that it is right. */
export function makeTree(data: Buffer, options: readonly string[] = []): Protected {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-verity-'));
  try {
    const path = (name: string) => join(directory, name);
    writeFileSync(path('data'), data);
    // Some versions do not extend a file to whole sectors.
    writeFileSync(path('tree'), '');
    const veritysetup = findCommand('veritysetup')!;
    const output = execFileSync(veritysetup, ['format', ...options, path('data'), path('tree')], {
      encoding: 'utf8',
    });
    const rootHash = /^Root hash:\s*([0-9a-f]+)$/m.exec(output)![1]!;
    execFileSync(veritysetup, ['verify', path('data'), path('tree'), rootHash]);
    return { data, tree: readFileSync(path('tree')), rootHash: Buffer.from(rootHash, 'hex') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A copy with one bit flipped; bits are counted from the lowest of the first byte. */
export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
