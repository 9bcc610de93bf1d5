import type { VerbName } from '../options.js';

/** Options of the verbs `verify` and `lock`; `null`: not said. */
export interface LockFileOptions {
  readonly lock: string | null;
  /** `-` for standard output. */
  readonly output: string | null;
}

/** Another verb has an option of the name `--output=`, too. */
export function readLockFileOptions(
  { verb }: { readonly verb: VerbName },
  { lock, output }: { readonly lock?: string; readonly output?: string },
): LockFileOptions {
  return { lock: lock ?? null, output: verb === 'lock' ? (output ?? null) : null };
}
