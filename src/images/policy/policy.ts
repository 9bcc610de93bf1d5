import type { Designator } from './designator.js';
import { type Flags, USES } from './flag.js';

/**
 * An image policy as it was written (systemd.image-policy(7)): which partitions an image must have, may have and must
 * not have, and which protection. What it means for a partition says effective.ts.
 */
export interface ImagePolicy {
  /** No flags at all, `root=`, are not the same as no rule. */
  readonly rules: Readonly<Partial<Record<Designator, Flags>>>;
  /** The rule without designator, for all partitions without one; `null` if there is none, which ignores them. */
  readonly otherwise: Flags | null;
}

/** `*`: whatever is there is used. */
export const OPEN: ImagePolicy = { rules: {}, otherwise: USES };

/** `-`: nothing is used. */
export const IGNORE: ImagePolicy = { rules: {}, otherwise: ['unused', 'absent'] };

/** `~`: nothing may be there. */
export const DENY: ImagePolicy = { rules: {}, otherwise: ['absent'] };

/** Policies that have a sign instead of rules. */
export const SIGNS = { '*': OPEN, '-': IGNORE, '~': DENY } as const;
