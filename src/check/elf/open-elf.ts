import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../host/root.js';
import type { ByteReader } from '../../images/byte-reader.js';
import { withStartInMemory } from '../../images/byte-reader.js';
import { ElfError, type ElfFile, type ElfPart } from './format/elf-file.js';
import { readElf } from './format/read-elf.js';

/** The header, the program headers and most interpreters are within these bytes: one read is enough for what is no ELF file. */
const START = 1024;

/** What is in a file. */
export type Opened =
  | { readonly kind: 'elf'; readonly elf: ElfFile }
  /** `#!` and what follows it in the first bytes. */
  | { readonly kind: 'script'; readonly start: Buffer }
  | { readonly kind: 'damaged'; readonly part: ElfPart; readonly problem: ElfError['problem'] }
  | { readonly kind: 'other' }
  /** `code` is an errno name. */
  | { readonly kind: 'unreadable'; readonly code: string };

/** The kernel looks for the end of the line in so many bytes (`BINPRM_BUF_SIZE`). */
export const SCRIPT_START = 256;

/**
 * Reads the start of a file that may be hostile, and what the loader reads of an ELF file. A symlink as the last part
 * is not followed, a FIFO does not block.
 *
 * @param path on the machine
 * @returns never throws for what is wrong with the file
 */
export function openElf(path: string): Opened {
  try {
    return withFile(path, examine);
  } catch (error) {
    if (error instanceof ElfError) return { kind: 'damaged', part: error.part, problem: error.problem };
    const code = errorCode(error);
    if (code === undefined) throw error;
    return { kind: 'unreadable', code };
  }
}

function examine(file: ByteReader): Opened {
  const reader = withStartInMemory(file, START);
  const start = reader.read(0n, SCRIPT_START);
  if (start[0] === 0x23 && start[1] === 0x21) return { kind: 'script', start };
  const elf = readElf(reader);
  return elf === null ? { kind: 'other' } : { kind: 'elf', elf };
}

/** Opens a regular file, and gives back what `look` says of its bytes; `other` for what is none. */
export function withFile<Answer>(
  path: string,
  look: (reader: ByteReader) => Answer,
): Answer | { readonly kind: 'other' } {
  const fd = openSync(
    path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY,
  );
  try {
    const status = fstatSync(fd);
    return status.isFile() ? look(readerOf(fd, status.size)) : { kind: 'other' };
  } finally {
    closeSync(fd);
  }
}

function readerOf(fd: number, size: number): ByteReader {
  return {
    size: BigInt(size),
    read(offset, length) {
      if (offset >= size) return Buffer.alloc(0);
      const bytes = Buffer.alloc(Math.min(length, size - Number(offset)));
      let count = 0;
      while (count < bytes.length) {
        const more = readSync(fd, bytes, count, bytes.length - count, Number(offset) + count);
        if (more === 0) break;
        count += more;
      }
      return bytes.subarray(0, count);
    },
  };
}
