import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type Bytes, bufferOf } from '../host/bytes.js';
import { type Entry, readTarget } from './entry.js';

/** How two things of the same name differ: the first of these that is so. */
export type Difference = 'type' | 'content' | 'mode' | 'equal';

/** One side of a comparison. */
export interface Compared {
  readonly path: Bytes;
  readonly entry: Entry;
}

const CHUNK = 256 * 1024;

/**
 * Compares what is at two paths: sizes first, then the bytes, a piece at a time.
 *
 * @throws the errors of open(2), read(2) and readlink(2)
 */
export function compareEntries(one: Compared, other: Compared): Difference {
  const [a, b] = [one.entry, other.entry];
  if (a.type !== b.type) return 'type';
  if (!hasSameContent(one, other)) return 'content';
  // The permission bits of a symlink mean nothing (symlink(7)).
  const isSameMode = a.type === 'symlink' || a.mode === b.mode;
  return isSameMode && a.uid === b.uid && a.gid === b.gid ? 'equal' : 'mode';
}

function hasSameContent(one: Compared, other: Compared): boolean {
  const { type, device, size } = one.entry;
  if (type === 'file') return size === other.entry.size && hasSameBytes(one.path, other.path);
  if (type === 'symlink') return readTarget(one.path) === readTarget(other.path);
  return type === 'directory' || device === other.entry.device;
}

/** Made once: most files are smaller by far. */
let buffers: readonly [Buffer, Buffer] | undefined;

function hasSameBytes(one: Bytes, other: Bytes): boolean {
  const [a, b] = [openFile(one), openFile(other)];
  try {
    if (a === null || b === null) return false;
    buffers ??= [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)];
    const [left, right] = buffers;
    for (;;) {
      const [countLeft, countRight] = [fill(a, left), fill(b, right)];
      if (countLeft !== countRight) return false;
      if (!left.subarray(0, countLeft).equals(right.subarray(0, countRight))) return false;
      if (countLeft < CHUNK) return true;
    }
  } finally {
    for (const descriptor of [a, b]) if (descriptor !== null) closeSync(descriptor);
  }
}

/** As much as there is, up to the buffer's size. */
function fill(descriptor: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return length;
}

/** What was a regular file a moment ago may be a FIFO now, which must not block. `null` if it is none any more. */
function openFile(path: Bytes): number | null {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  const descriptor = openSync(bufferOf(path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  return null;
}
