import type { Finding, Surroundings } from '../../doctor/finding.js';
import type { Leftover, Leftovers } from '../../doctor/leftovers.js';
import type { Tool } from '../../doctor/tools.js';

/** All that `doctor` has found out and done. */
export interface Diagnosis {
  readonly surroundings: Surroundings;
  readonly findings: readonly Finding[];
  /** Programs that merging does not need. */
  readonly tools: readonly Tool[];
  readonly leftovers: Leftovers;
  /** What was left of killed calls and has been taken away; `null` if that was not asked for. */
  readonly mended: readonly Leftover[] | null;
}
