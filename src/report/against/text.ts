import { answerOf } from '../explanation/advice.js';
import type { Candidate } from '../explanation/candidate.js';
import { nameOf } from '../explanation/fates.js';
import { describeHost } from '../explanation/overview.js';
import { printable, quotedList } from '../printable.js';
import { type AgainstReport, type Outcome, outcomesOn } from './outcome.js';

/** In this order: the worst first. */
const WORDS: Readonly<Record<Outcome, string>> = {
  unusable: 'cannot be used, and as long as it is there nothing is merged',
  'drops-out': 'would drop out',
  untold: 'may or may not be merged: that cannot be told',
  'comes-in': 'would be merged, which it is not now',
  'stays-out': 'would be ignored, as it is now',
  stays: 'would be merged as now',
};

/** The outcomes that need no reason: all of them are told in one line. */
const PLAIN: readonly Outcome[] = ['stays', 'comes-in'];

/** What each of the systems makes of what is installed, with the reasons and what to do. */
export function againstText(report: AgainstReport): string {
  const { systems, extensionClass } = report;
  const parts = systems.map((host, system) => {
    const all = outcomesOn(report, system);
    const lost = all.filter(({ outcome }) => outcome === 'drops-out').length;
    const sum =
      all.length === 0
        ? `There are no ${extensionClass.noun} that could drop out.`
        : `${lost === 0 ? 'None' : lost} of ${all.length} ${extensionClass.noun} would drop out.`;
    const outcomes = Object.keys(WORDS) as Outcome[];
    const lines = outcomes.flatMap((outcome) => {
      const members = all.filter((one) => one.outcome === outcome).map(({ candidate }) => candidate);
      return PLAIN.includes(outcome)
        ? together(members, outcome)
        : members.flatMap((one) => alone(report, one, outcome, system));
    });
    return [...describeHost(host), sum, ...lines.map((line) => `  ${line}`)]
      .map((line) => `${line}\n`)
      .join('');
  });
  return parts.join('\n');
}

function together(members: readonly Candidate[], outcome: Outcome): string[] {
  return members.length === 0 ? [] : [`${quotedList(members.map(nameOf))}: ${WORDS[outcome]}.`];
}

function alone(report: AgainstReport, candidate: Candidate, outcome: Outcome, system: number): string[] {
  const answer = answerOf(candidate, system, report.extensionClass.releaseDirectory);
  return [
    `${quotedList([nameOf(candidate)])} ${WORDS[outcome]}${answer === null ? '' : `: ${printable(answer.problem)}`}.`,
    ...(answer?.remedy == null ? [] : [`  What to do: ${printable(answer.remedy)}.`]),
  ];
}

/** In one sentence, for an annotation. */
export function describeOutcome(outcome: Outcome): string {
  return WORDS[outcome];
}
