import { answerOf } from '../explanation/advice.js';
import { nameOf } from '../explanation/fates.js';
import { annotation } from '../github-annotation.js';
import { printable } from '../printable.js';
import { type AgainstReport, type Outcome, outcomesOn } from './outcome.js';
import { describeOutcome } from './text.js';

const COMMANDS: Readonly<Partial<Record<Outcome, 'error' | 'notice'>>> = {
  'drops-out': 'error',
  unusable: 'error',
  untold: 'error',
  'stays-out': 'notice',
};

/** What does not stay as it is, as annotations of GitHub Actions. */
export function againstAnnotations(report: AgainstReport): string {
  return report.systems
    .flatMap(({ label }, system) =>
      outcomesOn(report, system).map(({ candidate, outcome }) => {
        const command = COMMANDS[outcome];
        if (command === undefined || candidate.kind !== 'image') return '';
        const answer = answerOf(candidate, system, report.extensionClass.releaseDirectory);
        const problem = answer === null ? '' : `: ${answer.problem}`;
        const remedy = answer?.remedy == null ? '' : ` What to do: ${answer.remedy}.`;
        return annotation(
          command,
          { file: candidate.image.entry, title: `${nameOf(candidate)}: ${outcome}` },
          printable(`With ${label} it ${describeOutcome(outcome)}${problem}.${remedy}`),
        );
      }),
    )
    .join('');
}
