import type { SystemCalls } from './system-calls.js';
import { isBun, loadWithBun } from './with-bun.js';
import { loadWithKoffi } from './with-koffi.js';

const ARCHITECTURES: readonly string[] = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
];

let loaded: SystemCalls | null | undefined;

/**
 * A way to system calls: by `bun:ffi`, which is a part of the self-contained executable, or by the package koffi, which need
 * not be installed.
 *
 * @returns `null` if there is none
 */
export function loadSystemCalls(): SystemCalls | null {
  if (loaded === undefined) loaded = load();
  return loaded;
}

function load(): SystemCalls | null {
  if (!ARCHITECTURES.includes(process.arch)) return null;
  try {
    return isBun() ? loadWithBun() : loadWithKoffi();
  } catch {
    // Not installed, not for this machine, or no C library by that name.
    return null;
  }
}
