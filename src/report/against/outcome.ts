import type { ExtensionClass } from '../../extension-class.js';
import type { HostRelease } from '../../release/host-release.js';
import { type Candidate, type ExplainedHost, type Fate, fateOf } from '../explanation/candidate.js';

/** What the systems to come make of what is installed. */
export interface AgainstReport {
  readonly extensionClass: ExtensionClass;
  /** This system; `null` if it does not say what it is. */
  readonly present: HostRelease | null;
  readonly systems: readonly ExplainedHost[];
  /** Judged for the systems, and then for the present one. */
  readonly candidates: readonly Candidate[];
}

/** What becomes of an extension that is installed. */
export type Outcome =
  | 'stays'
  /** This system merges it, and the other one would not. */
  | 'drops-out'
  /** It is ignored now, and would be merged there. */
  | 'comes-in'
  /** It is ignored now, and would be there. */
  | 'stays-out'
  /** As long as it is there nothing is merged, on no system. */
  | 'unusable'
  | 'untold';

/** @returns `null` for what is switched off, hidden or no extension, on every system alike */
export function outcomeOf(
  { present, systems }: AgainstReport,
  candidate: Candidate,
  system: number,
): Outcome | null {
  const there = fateOf(candidate, system);
  // Who does not say what it is merges nothing, which is no reason to call all of it lost already.
  const now: Fate = present === null ? 'merged' : fateOf(candidate, systems.length);
  if (there === 'untold' || there === 'unusable') return there;
  if (there === 'merged') return now === 'merged' ? 'stays' : 'comes-in';
  if (there !== 'ignored') return null;
  return now === 'merged' ? 'drops-out' : 'stays-out';
}

/** All outcomes on one system. */
export function outcomesOn(
  report: AgainstReport,
  system: number,
): { readonly candidate: Candidate; readonly outcome: Outcome }[] {
  return report.candidates.flatMap((candidate) => {
    const outcome = outcomeOf(report, candidate, system);
    return outcome === null ? [] : [{ candidate, outcome }];
  });
}

/** 1: something drops out, or nothing could be merged at all; 2: of something that cannot be told; 0: neither. */
export function againstStatus(report: AgainstReport): 0 | 1 | 2 {
  const outcomes = report.systems.flatMap((_, system) =>
    outcomesOn(report, system).map(({ outcome }) => outcome),
  );
  if (outcomes.some((outcome) => outcome === 'drops-out' || outcome === 'unusable')) return 1;
  return outcomes.includes('untold') ? 2 : 0;
}
