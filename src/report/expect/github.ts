import type { Place } from '../../expect/assertion.js';
import { annotation } from '../github-annotation.js';
import { printable } from '../printable.js';
import type { Expectation } from './result.js';
import { summaryOf, VERDICT_WORDS } from './text.js';
import { wordsOf } from './words.js';

/** What does not hold as annotations, what holds as plain lines, which GitHub Actions shows in the log of the step. */
export function expectAnnotations(expectation: Expectation): string {
  const { results } = expectation;
  const lines = results.map((result) => {
    const { stated, verdict } = result;
    if (verdict === 'holds') return `${VERDICT_WORDS.holds}: ${printable(stated.text)}\n`;
    const { found, advice } = wordsOf(result, expectation);
    const title = `${verdict === 'fails' ? 'does not hold' : 'cannot be told'}: ${stated.text}`;
    const remedy = advice === null ? '' : ` What to do: ${advice}.`;
    return annotation('error', { ...placeOf(stated.place), title }, `${found}.${remedy}`);
  });
  return `${lines.join('')}${summaryOf(results)}.\n`;
}

function placeOf(place: Place): Record<string, string> {
  return place.kind === 'argument' ? {} : { file: place.file, line: String(place.number) };
}
