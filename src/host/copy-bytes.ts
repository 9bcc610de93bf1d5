import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const PIECE = 1024 * 1024;

/**
 * Copies a part of a file into a new one.
 *
 * @param part in bytes; `size` `null`: up to the end
 * @throws the errors of open(2), read(2) and write(2)
 */
export function copyBytes(
  from: string,
  { offset, size }: { readonly offset: bigint; readonly size: bigint | null },
  to: string,
): void {
  const target = openSync(to, 'wx', 0o600);
  try {
    copy(from, offset, size, target, 0);
  } finally {
    closeSync(target);
  }
}

/** Copies a whole file into another one that is open, at a place in it. @throws the errors of open(2), read(2) and write(2) */
export function appendBytes(from: string, target: number, at: number): void {
  copy(from, 0n, null, target, at);
}

function copy(from: string, offset: bigint, size: bigint | null, target: number, at: number): void {
  const source = openSync(from, 'r');
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    for (let done = 0n; size === null || done < size; ) {
      const wanted = size === null || size - done > BigInt(PIECE) ? PIECE : Number(size - done);
      const count = readSync(source, buffer, 0, wanted, offset + done);
      if (count === 0) return;
      for (let written = 0; written < count; )
        written += writeSync(target, buffer, written, count - written, at + Number(done) + written);
      done += BigInt(count);
    }
  } finally {
    closeSync(source);
  }
}
