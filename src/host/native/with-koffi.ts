import { createRequire } from 'node:module';
import { AT_FDCWD, SYS_move_mount, type SystemCalls } from './system-calls.js';

/** What is used of the package koffi. */
interface Koffi {
  /** @param library `null`: what is loaded already, and so the C library */
  load(library: null): { func(prototype: string): (...words: unknown[]) => number };
  errno(): number;
}

/** @throws where koffi is not installed, or has no binary for this machine */
export function loadWithKoffi(): SystemCalls {
  const { load, errno } = createRequire(import.meta.url)('koffi') as Koffi;
  const library = load(null);
  const mount = library.func('int mount(str, str, str, unsigned long, str)');
  const umount2 = library.func('int umount2(str, int)');
  const flock = library.func('int flock(int, int)');
  const syscall = library.func('long syscall(long, int, str, int, str, unsigned int)');
  const outcome = (returned: number) => (returned === 0 ? 0 : errno());
  return {
    mount: (source, target, type, flags, data) => outcome(mount(source, target, type, flags, data)),
    unmount: (target, flags) => outcome(umount2(target, flags)),
    lock: (descriptor, operation) => outcome(flock(descriptor, operation)),
    moveMount: (from, to, flags) => outcome(syscall(SYS_move_mount, AT_FDCWD, from, AT_FDCWD, to, flags)),
  };
}
