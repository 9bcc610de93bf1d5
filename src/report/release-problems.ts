import type { SyntaxProblem } from '../release/os-release.js';
import { quoted } from './printable.js';

const PROBLEMS: Readonly<Record<SyntaxProblem['kind'], string>> = {
  'no-assignment': 'not an assignment (FIELD=value), skipped',
  key: 'what stands before the = is not the name of a field, skipped',
  encoding: 'not valid UTF-8 text, skipped',
  'open-quote': 'the quote is not closed, so all that follows belongs to the value',
};

/** One line about each line of a release file that could not be read as it was probably meant. */
export function describeReleaseProblems(path: string, problems: readonly SyntaxProblem[]): string[] {
  return problems.map(
    ({ line, text, kind }) =>
      `${quoted(path)}, line ${line}: ${PROBLEMS[kind]}: ${quoted(text.slice(0, 80))}`,
  );
}
