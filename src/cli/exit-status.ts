import type { MergingOptions } from './merging-options.js';

/** What came of a merge or refresh that did not fail. */
export interface MergeOutcome {
  /** How many extensions are merged now. */
  readonly merged: number;
  /** How many that were chosen do not fit, or are switched off by an empty directory. */
  readonly ignored: number;
  /** How many were skipped because they are broken. */
  readonly skipped: number;
  /** It was merged already. */
  readonly isUnchanged: boolean;
}

/** The exit status: the first that applies. Without `--exit-code` all is well as long as nothing is broken, as in the original. */
export function mergeStatus(outcome: MergeOutcome, { exitCode }: MergingOptions): 0 | 3 | 4 | 5 | 6 {
  const { merged, ignored, skipped, isUnchanged } = outcome;
  if (skipped > 0) return 3;
  if (!exitCode) return 0;
  if (merged === 0) return 4;
  if (ignored > 0) return 5;
  return isUnchanged ? 6 : 0;
}
