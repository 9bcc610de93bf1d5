import { type AssertionKind, FORMS, type Place } from '../../expect/assertion.js';
import type { SyntaxProblem } from '../../expect/problem.js';
import type { AssertionSyntaxError, Unreadable } from '../../expect/read-assertions.js';
import { REASON_WORDS } from '../explanation/reasons.js';
import { quoted } from '../printable.js';

/** What is wrong with assertions, a line each; all of them, so that they can be mended at once. */
export function describeSyntax({ unreadable }: AssertionSyntaxError): string[] {
  if (unreadable.length === 0)
    return [
      "There is nothing to look for: give at least one assertion, such as 'merged EXTENSION', or a file of them, --file=FILE.",
    ];
  return unreadable.map(describeOne);
}

function describeOne({ text, place, problem }: Unreadable): string {
  const isWord = place.kind === 'argument' && !/\s/.test(text.trim()) && problem.kind === 'missing';
  const hint = isWord ? ' Each assertion is one argument: put it into quotes.' : '';
  return `Cannot understand ${quoted(text)} (${describePlace(place)}): ${describeProblem(problem)}.${hint}`;
}

export function describePlace(place: Place): string {
  return place.kind === 'argument'
    ? `argument ${place.number}`
    : `${quoted(place.file)}, line ${place.number}`;
}

function describeProblem(problem: SyntaxProblem): string {
  switch (problem.kind) {
    case 'quote':
      return 'a quote does not end';
    case 'empty':
      return 'it is empty';
    case 'nul':
      return 'it has a null character';
    case 'unknown-word':
      return `an assertion begins with one of ${Object.keys(FORMS).join(', ')}, not with ${quoted(problem.word)}`;
    case 'missing':
      return `${problem.what} is missing; write: ${formOf(problem.about)}`;
    case 'unexpected':
      return `there is ${quoted(problem.word)}, wanted ${problem.wanted}; write: ${formOf(problem.about)}`;
    case 'relative-path':
      return `${quoted(problem.path)} is not an absolute path; begin it with /`;
    case 'unknown-reason':
      return `${quoted(problem.word)} is no reason; the reasons are ${Object.values(REASON_WORDS).flat().join(', ')}`;
  }
}

const formOf = (kind: AssertionKind): string => FORMS[kind];
