import type { Assertion } from '../../expect/assertion.js';
import type { WhyNot } from '../../report/expect/result.js';
import { fateOf } from '../../report/explanation/candidate.js';
import { ruleOf } from '../../report/explanation/rule.js';
import { type Evaluation, verdictOf } from './evaluation.js';
import type { LiveState } from './live-state.js';

/** Whether an extension is merged, by the metadata of the hierarchies. */
export function findMerged(extension: string, wanted: boolean, state: LiveState): Evaluation {
  const hierarchies = hierarchiesWith(extension, state);
  const isMerged = hierarchies.length > 0;
  const verdict = verdictOf(isMerged === wanted);
  if (isMerged) return { verdict, found: { kind: 'merged', extension, hierarchies } };
  // Why it is not merged is only told to whom it matters.
  const why = wanted ? whyNot(extension, state) : ({ kind: 'not-asked' } as const);
  return { verdict, found: { kind: 'not-merged', extension, why } };
}

/** Whether something is installed and not merged, for the reason that `explain` would give. */
export function findIgnored(
  { extension, because }: Extract<Assertion, { kind: 'ignored' }>,
  state: LiveState,
): Evaluation {
  const hierarchies = hierarchiesWith(extension, state);
  if (hierarchies.length > 0) return { verdict: 'fails', found: { kind: 'merged', extension, hierarchies } };
  const why = whyNot(extension, state);
  const found = { kind: 'not-merged', extension, why } as const;
  if (why.kind !== 'candidate') return { verdict: 'fails', found };
  const fate = fateOf(why.candidate, 0);
  if (fate === 'untold') return { verdict: 'untold', found };
  const isReason = because === null || because === fate || because === ruleOf(why.candidate, 0);
  return { verdict: verdictOf(isReason), found };
}

function hierarchiesWith(extension: string, { hierarchies }: LiveState): string[] {
  return hierarchies.flatMap(({ name, merge }) => (merge?.names.includes(extension) ? [name] : []));
}

function whyNot(extension: string, state: LiveState): WhyNot {
  const candidate = state.candidate(extension);
  if (candidate === null) return { kind: 'not-installed' };
  const hosts = state.hosts();
  return fateOf(candidate, 0) === 'merged' ? { kind: 'fits' } : { kind: 'candidate', candidate, hosts };
}
