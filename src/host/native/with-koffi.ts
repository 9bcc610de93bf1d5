import { createRequire } from 'node:module';
import { AT_FDCWD, type MoveMount, SYS_move_mount } from './move-mount.js';

/** What is used of the package koffi. */
interface Koffi {
  /** @param library `null`: what is loaded already, and so the C library */
  load(library: null): { func(prototype: string): (...words: unknown[]) => number };
  errno(): number;
}

/** @throws where koffi is not installed, or has no binary for this machine */
export function loadWithKoffi(): MoveMount {
  const { load, errno } = createRequire(import.meta.url)('koffi') as Koffi;
  const syscall = load(null).func('long syscall(long, int, str, int, str, unsigned int)');
  return (from, to, flags) =>
    syscall(SYS_move_mount, AT_FDCWD, from, AT_FDCWD, to, flags) === 0 ? 0 : errno();
}
