import { INTENDED_DIFFERENCES, type IntendedDifference } from './intended-differences.js';
import { ASPECTS, type Observation } from './observation.js';
import type { Step } from './run.js';
import { words } from './scenario.js';

export interface Comparison {
  /** Both sides as text, without what may differ: a test compares them as a whole, for the sake of its report. */
  readonly subject: string;
  readonly original: string;
  /** Intended differences that do not show, as `merge: since-below-root`. */
  readonly stale: readonly string[];
}

/** Compares what two programs did with the same scenario. */
export function compareRuns(
  subject: readonly Step[],
  original: readonly Step[],
  version: number,
): Comparison {
  // One side may have needed one more unmerge.
  const count = Math.min(subject.length, original.length);
  const pairs = original.slice(0, count).map((step, index) => compareStep(subject[index]!, step, version));
  const rest = (steps: readonly Step[]): string[] =>
    steps.slice(count).map((step) => render(step, step.seen));
  return {
    subject: [...pairs.map((pair) => pair.subject), ...rest(subject)].join('\n'),
    original: [...pairs.map((pair) => pair.original), ...rest(original)].join('\n'),
    stale: pairs.flatMap((pair) => pair.stale),
  };
}

function compareStep(subject: Step, original: Step, version: number): Comparison {
  let [ours, theirs] = applyAll(standing(version), subject.seen, original.seen);
  const stale: string[] = [];
  // Where programs take turns, only the calls that ours makes may differ.
  const expected = subject.by === original.by ? [] : (original.call.differs ?? []);
  for (const id of expected) {
    const difference: IntendedDifference = INTENDED_DIFFERENCES[id];
    if (!isFor(difference, version)) continue;
    if (!shows(difference, ours, theirs)) stale.push(`${words(original.call).join(' ')}: ${id}`);
    [ours, theirs] = applyAll([difference], ours, theirs);
  }
  return { subject: render(subject, ours), original: render(original, theirs), stale };
}

const isFor = (
  { since = 0, until = Number.POSITIVE_INFINITY }: IntendedDifference,
  version: number,
): boolean => version >= since && version <= until;

/** Differences that show everywhere. */
function standing(version: number): IntendedDifference[] {
  return Object.values<IntendedDifference>(INTENDED_DIFFERENCES).filter(
    (difference) => difference.standing === true && isFor(difference, version),
  );
}

/** Which of the differences that should show everywhere do not show at any call. */
export function staleStanding(
  subject: readonly Step[],
  original: readonly Step[],
  version: number,
): string[] {
  return standing(version)
    .filter(
      (difference) => !original.some(({ seen }, index) => shows(difference, subject[index]!.seen, seen)),
    )
    .map(({ reason }) => reason);
}

/** Whether anything differs that the difference is about. */
function shows({ of }: IntendedDifference, ours: Observation, theirs: Observation): boolean {
  return ASPECTS.some((aspect) => {
    const part = of[aspect];
    return part !== undefined && ours[aspect] !== theirs[aspect];
  });
}

function applyAll(
  differences: readonly IntendedDifference[],
  ours: Observation,
  theirs: Observation,
): [Observation, Observation] {
  const clean = (seen: Observation): Observation => differences.reduce(apply, seen);
  return [clean(ours), clean(theirs)];
}

function apply(seen: Observation, { of }: IntendedDifference): Observation {
  const cleaned = ASPECTS.map((aspect) => {
    const part = of[aspect];
    if (part === undefined) return [aspect, seen[aspect]];
    return [aspect, part === 'all' ? '(differs on purpose)' : part(seen[aspect])];
  });
  return Object.fromEntries(cleaned) as unknown as Observation;
}

function render({ call }: Step, seen: Observation): string {
  const aspects = ASPECTS.filter((aspect) => seen[aspect] !== '').map((aspect) => {
    const lines = seen[aspect].split('\n').map((line) => `    ${line}`);
    return `  ${aspect}:\n${lines.join('\n')}`;
  });
  return [`== ${words(call).join(' ')}`, ...aspects].join('\n');
}
