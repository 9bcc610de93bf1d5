import type { LeftOut } from '../choice/apply.js';
import type { ChoiceError, ChoiceProblem } from '../choice/choice-error.js';
import type { Choice } from '../overlay/choice.js';
import { explainPassedOver } from './passed-over.js';
import { quoted, quotedList } from './printable.js';

/** As words of a command line: `foo --except='b*'`. */
export function formatChoice({ names, only, except, from, order }: Choice): string {
  return [
    ...names.map(word),
    ...only.map((pattern) => `--only=${word(pattern)}`),
    ...except.map((pattern) => `--except=${word(pattern)}`),
    ...from.map((path) => `--from=${word(path)}`),
    ...(order.length === 0 ? [] : [`--order=${word(order.join(','))}`]),
  ].join(' ');
}

/** What a shell takes as it is stays so. */
function word(text: string): string {
  return /^[\w/.:@%+,=-]+$/.test(text) ? text : quoted(text);
}

/** A `refresh` without a choice of its own. @param command what forgets it */
export function describeKept(choice: Choice, command: string): string {
  return `Keeping to what was chosen for this merge: ${formatChoice(choice)} (${quoted(command)} forgets it).`;
}

/** Of a choice that was recorded: what there was then may be gone now, which is no error. */
export function describeGone(problem: ChoiceProblem): string | null {
  switch (problem.kind) {
    case 'not-installed':
      return `${quoted(problem.name)} was chosen for this merge, and is left out now: ${describeMissing(problem)}.`;
    case 'no-directory':
      return `${quoted(problem.path)}, where this merge also took extensions from, is ${REASONS[problem.reason]} any more.`;
    default:
      return null;
  }
}

const REASONS = { missing: 'not there', 'no-directory': 'no directory' } as const;

/** Why an extension that is installed is left out, as the rest of a sentence about it. */
export function describeLeftOut(why: LeftOut): string {
  switch (why.kind) {
    case 'others-named':
      return 'only others were named';
    case 'excepted':
      return `--except=${word(why.pattern)} leaves it out`;
  }
}

/** A line each; the last one says that nothing has happened. */
export function describeChoiceError({ problems, installed }: ChoiceError): string[] {
  const isAboutNames = problems.some(({ kind }) => kind === 'not-installed' || kind === 'fits-nothing');
  const all = installed.length === 0 ? 'None are installed. ' : `Installed are ${quotedList(installed)}. `;
  const lines = problems.map(describeProblem);
  return [...lines.slice(0, -1), `${lines.at(-1)} ${isAboutNames ? all : ''}Nothing was changed.`];
}

function describeProblem(problem: ChoiceProblem): string {
  switch (problem.kind) {
    case 'not-installed': {
      const { name, nearest, entry } = problem;
      if (name.includes('/'))
        return `Extensions are chosen by their names, and ${quoted(name)} is a path: say in which directory it is with --from=.`;
      const hint = entry !== null || nearest === null ? '' : `, did you mean ${quoted(nearest)}?`;
      const glob = /[*?[{]/.test(name) ? ` Patterns need the option --only=.` : '';
      return `There is no extension ${quoted(name)}${entry === null ? '' : `: ${describeMissing(problem)}`}${hint || '.'}${glob}`;
    }
    case 'fits-nothing':
      return `No extension fits --${problem.option}=${word(problem.pattern)}.`;
    case 'contradiction':
      return `${quoted(problem.name)} is named, and left out by --except=${word(problem.pattern)}: give up one of them.`;
    case 'order-of-others':
      return `${quoted(problem.name)} has a place in --order=, but is not chosen: choose it too, or take it out of the order.`;
    case 'none-left':
      return 'All that is installed would be left out: nothing is left to merge.';
    case 'no-directory':
      return `Extensions shall be taken from ${quoted(problem.path)}, which is ${REASONS[problem.reason]}.`;
  }
}

/** As the rest of a sentence about a name. */
function describeMissing({ entry }: ChoiceProblem & { readonly kind: 'not-installed' }): string {
  if (entry === null) return 'it is not installed';
  if (entry.kind === 'masked') return `it is masked by ${quoted(entry.entry)}, a symlink to /dev/null`;
  const { problem, remedy } = explainPassedOver(entry);
  const what = `${quoted(entry.entry)} gives none, ${problem}`;
  return remedy === null ? what : `${what} (${remedy})`;
}
