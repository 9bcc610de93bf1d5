import type { Place, Stated } from './assertion.js';
import { parseAssertion } from './parse.js';
import type { SyntaxProblem } from './problem.js';

/** An assertion that could not be read. */
export interface Unreadable {
  readonly text: string;
  readonly place: Place;
  readonly problem: SyntaxProblem;
}

/** Assertions that cannot be read, or none at all: nothing was looked at. */
export class AssertionSyntaxError extends Error {
  constructor(readonly unreadable: readonly Unreadable[]) {
    super(`assertions that cannot be read: ${unreadable.length}`);
  }
}

/** The text of a file of assertions, one a line; empty lines and those that begin with `#` are left out. */
export interface AssertionFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads all assertions: arguments, each of which is one, and then the lines of a file.
 *
 * @throws AssertionSyntaxError with all that are wrong, or with none if there is no assertion at all
 */
export function readAssertions(
  operands: readonly string[],
  file: AssertionFile | null,
  reasons: ReadonlySet<string>,
): Stated[] {
  const given = [
    ...operands.map((text, index) => ({ text, place: { kind: 'argument', number: index + 1 } as const })),
    ...(file === null ? [] : linesOf(file)),
  ];
  const stated: Stated[] = [];
  const unreadable: Unreadable[] = [];
  for (const { text, place } of given) {
    const parsed = parseAssertion(text, reasons);
    if ('problem' in parsed) unreadable.push({ text, place, problem: parsed.problem });
    else stated.push({ text, place, assertion: parsed });
  }
  if (unreadable.length > 0 || stated.length === 0) throw new AssertionSyntaxError(unreadable);
  return stated;
}

function linesOf({ name, text }: AssertionFile): { text: string; place: Place }[] {
  return text.split('\n').flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    return [{ text: trimmed, place: { kind: 'line', file: name, number: index + 1 } as const }];
  });
}
