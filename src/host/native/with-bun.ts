import { AT_FDCWD, SYS_move_mount, type SystemCalls } from './system-calls.js';

/** What is used of `bun:ffi`. */
interface BunFfi {
  dlopen(library: string, functions: typeof FUNCTIONS): { symbols: Symbols };
  read: { i32(address: unknown, offset: number): number };
}

interface Symbols {
  mount(...words: unknown[]): number;
  umount2(...words: unknown[]): number;
  flock(...words: unknown[]): number;
  syscall(...words: unknown[]): bigint;
  __errno_location(): unknown;
}

const FUNCTIONS = {
  mount: { args: ['ptr', 'ptr', 'ptr', 'u64', 'ptr'], returns: 'i32' },
  umount2: { args: ['ptr', 'i32'], returns: 'i32' },
  flock: { args: ['i32', 'i32'], returns: 'i32' },
  syscall: { args: ['i64', 'i64', 'ptr', 'i64', 'ptr', 'i64'], returns: 'i64' },
  // glibc and musl both have it, for programs that have no variable `errno`.
  __errno_location: { args: [], returns: 'ptr' },
} as const;

const LIBRARIES = ['libc.so.6', 'libc.musl-x86_64.so.1', 'libc.musl-aarch64.so.1'];

export function isBun(): boolean {
  return process.versions['bun'] !== undefined;
}

/** @throws where the C library is called otherwise */
export function loadWithBun(): SystemCalls {
  const { dlopen, read } = require('bun:ffi') as BunFfi;
  const symbols = firstThatOpens((library) => dlopen(library, FUNCTIONS).symbols);
  const outcome = (returned: number) => (returned === 0 ? 0 : read.i32(symbols.__errno_location(), 0));
  return {
    mount: (source, target, type, flags, data) =>
      outcome(symbols.mount(bytesOf(source), bytesOf(target), bytesOf(type), flags, bytesOf(data))),
    unmount: (target, flags) => outcome(symbols.umount2(bytesOf(target), flags)),
    lock: (descriptor, operation) => outcome(symbols.flock(descriptor, operation)),
    moveMount: (from, to, flags) =>
      outcome(Number(symbols.syscall(SYS_move_mount, AT_FDCWD, bytesOf(from), AT_FDCWD, bytesOf(to), flags))),
  };
}

/** An argument keeps its bytes where they are until the call returns. */
function bytesOf(text: string | null): Uint8Array | null {
  return text === null ? null : Buffer.from(`${text}\0`);
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
