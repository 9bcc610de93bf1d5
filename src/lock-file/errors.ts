import type { Difference } from './difference.js';
import type { LockProblem } from './lock.js';

/** A lock file that cannot be used. */
export class LockFileError extends Error {
  constructor(
    /** As it was given. */
    readonly path: string,
    readonly problem:
      | LockProblem
      | { readonly kind: 'unreadable' | 'unwritable' }
      | { readonly kind: 'other-class'; readonly found: 'sysext' | 'confext' },
    options?: ErrorOptions,
  ) {
    super(`lock file ${path}: ${problem.kind}`, options);
  }
}

/** What is installed is not what a lock file says; nothing was mounted yet where somebody sees it. */
export class LockedError extends Error {
  constructor(
    readonly path: string,
    readonly differences: readonly Difference[],
  ) {
    super(`not as in ${path}: ${differences.map(({ kind }) => kind).join(', ')}`);
  }
}

/** A file in a directory was written to, or replaced, while it was read. */
export class TreeChangedError extends Error {
  constructor(readonly path: string) {
    super(`'${path}' changed while it was read`);
  }
}

/** Why nobody knows what is merged. */
export type UntoldReason =
  | { readonly kind: 'foreign-record' }
  /** The file or directory that was merged is not there any more, or not the same. */
  | { readonly kind: 'changed' | 'gone'; readonly name: string; readonly path: string }
  | { readonly kind: 'permission'; readonly name: string; readonly path: string };

/** What is merged cannot be locked. */
export class NotLockableError extends Error {
  constructor(readonly reasons: readonly ({ readonly kind: 'nothing-merged' } | UntoldReason)[]) {
    super(`not lockable: ${reasons.map(({ kind }) => kind).join(', ')}`);
  }
}
