import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../host/root.js';
import type { ByteReader } from '../../images/byte-reader.js';
import { withStartInMemory } from '../../images/byte-reader.js';
import { ElfError, type ElfFile, type ElfPart } from './format/elf-file.js';
import { readElf } from './format/read-elf.js';
import { parseShebang, SCRIPT_START, type Shebang } from './shebang.js';

/** The header, the program headers and most interpreters are within these bytes: one read is enough for what is no ELF file. */
const START = 1024;

/** What is in a file. */
export type Opened =
  | { readonly kind: 'elf'; readonly elf: ElfFile }
  | { readonly kind: 'script'; readonly shebang: Shebang }
  | { readonly kind: 'damaged'; readonly part: ElfPart; readonly problem: ElfError['problem'] }
  | { readonly kind: 'other' }
  /** `code` is an errno name. */
  | { readonly kind: 'unreadable'; readonly code: string };

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
  const shebang = parseShebang(reader.read(0n, SCRIPT_START));
  if (shebang !== null) return { kind: 'script', shebang };
  const elf = readElf(reader);
  return elf === null ? OTHER : { kind: 'elf', elf };
}

/** One for all: an image has many files that are no programs. */
const OTHER = { kind: 'other' } as const;

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
    return status.isFile() ? look(readerOf(fd, status.size)) : OTHER;
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
