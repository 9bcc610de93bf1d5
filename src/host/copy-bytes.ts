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
  const source = openSync(from, 'r');
  const target = openSync(to, 'wx', 0o600);
  try {
    const buffer = Buffer.allocUnsafe(PIECE);
    let position = offset;
    for (let left = size; left === null || left > 0n; ) {
      const wanted = left === null || left > BigInt(PIECE) ? PIECE : Number(left);
      const count = readSync(source, buffer, 0, wanted, position);
      if (count === 0) return;
      for (let written = 0; written < count; ) written += writeSync(target, buffer, written, count - written);
      position += BigInt(count);
      left = left === null ? null : left - BigInt(count);
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
