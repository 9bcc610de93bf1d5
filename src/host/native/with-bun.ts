import { AT_FDCWD, type MoveMount, SYS_move_mount } from './move-mount.js';

/** What is used of `bun:ffi`. */
interface BunFfi {
  dlopen(library: string, functions: typeof FUNCTIONS): { symbols: Symbols };
  ptr(bytes: Uint8Array): unknown;
  read: { i32(address: unknown, offset: number): number };
}

interface Symbols {
  syscall(...words: unknown[]): bigint;
  __errno_location(): unknown;
}

const FUNCTIONS = {
  syscall: { args: ['i64', 'i64', 'ptr', 'i64', 'ptr', 'i64'], returns: 'i64' },
  // glibc and musl both have it, for programs that have no variable `errno`.
  __errno_location: { args: [], returns: 'ptr' },
} as const;

const LIBRARIES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];

export function isBun(): boolean {
  return process.versions['bun'] !== undefined;
}

/** @throws where the C library is called otherwise */
export function loadWithBun(): MoveMount {
  const { dlopen, ptr, read } = require('bun:ffi') as BunFfi;
  const symbols = firstThatOpens((library) => dlopen(library, FUNCTIONS).symbols);
  return (from, to, flags) => {
    // They must not be collected before the call.
    const [source, target] = [Buffer.from(`${from}\0`), Buffer.from(`${to}\0`)];
    const words = [AT_FDCWD, ptr(source), AT_FDCWD, ptr(target), flags];
    return Number(symbols.syscall(SYS_move_mount, ...words)) === 0
      ? 0
      : read.i32(symbols.__errno_location(), 0);
  };
}

function firstThatOpens(open: (library: string) => Symbols): Symbols {
  const failures: unknown[] = [];
  for (const library of LIBRARIES) {
    try {
      return open(library);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}
