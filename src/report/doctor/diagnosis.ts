import type { Finding, Surroundings } from '../../doctor/finding.js';
import type { Leftover, Leftovers } from '../../doctor/leftovers.js';

/** All that `doctor` has found out and done. */
export interface Diagnosis {
  readonly surroundings: Surroundings;
  readonly findings: readonly Finding[];
  readonly leftovers: Leftovers;
  /** What was left of killed calls and has been taken away; `null` if that was not asked for. */
  readonly mended: readonly Leftover[] | null;
}
