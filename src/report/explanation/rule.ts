import type { Candidate } from './candidate.js';

/** In one word, for programs: by which rule a candidate fits a host, or what is wrong. */
export function ruleOf(candidate: Candidate, host: number): string {
  if (candidate.kind === 'passed-over') return candidate.passedOver.kind;
  if (candidate.kind === 'not-chosen') return candidate.why.kind;
  const { findings } = candidate;
  if (findings.kind === 'unusable') return findings.problem.kind;
  if (findings.kind === 'untold') return findings.reason;
  const verdict = findings.judgements[host]?.verdict;
  if (findings.isMask && verdict?.kind !== 'accepted') return 'empty-directory';
  return verdict?.kind === 'accepted' ? verdict.rule : (verdict?.kind ?? 'none');
}
