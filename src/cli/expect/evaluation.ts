import type { Result, Verdict } from '../../report/expect/result.js';

/** Whether an assertion holds, and what was found. */
export type Evaluation = Pick<Result, 'verdict' | 'found'>;

export const verdictOf = (holds: boolean): Verdict => (holds ? 'holds' : 'fails');
