import { printable } from '../printable.js';
import type { Expectation, Result, Verdict } from './result.js';
import { wordsOf } from './words.js';

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  holds: 'ok',
  fails: 'NOT OK',
  untold: 'CANNOT BE TOLD',
};

/** A line for each assertion, and for one that does not hold what was found, and what to do. */
export function expectText(expectation: Expectation): string {
  const { results } = expectation;
  const lines = results.flatMap((result) => {
    const first = `${VERDICT_WORDS[result.verdict]}: ${printable(result.stated.text)}`;
    if (result.verdict === 'holds') return [first];
    const { found, advice } = wordsOf(result, expectation);
    return [first, `  Found: ${found}.`, ...(advice === null ? [] : [`  What to do: ${advice}.`])];
  });
  return [...lines, `${summaryOf(results)}.`, ''].join('\n');
}

/** `3 assertions hold, 1 does not` */
export function summaryOf(results: readonly Pick<Result, 'verdict'>[]): string {
  const count = (wanted: Verdict) => results.filter(({ verdict }) => verdict === wanted).length;
  const [holding, failing, untold] = [count('holds'), count('fails'), count('untold')];
  if (holding === results.length) return holding === 1 ? 'It holds' : `All ${holding} assertions hold`;
  const parts = [
    `${holding} of ${results.length} hold${holding === 1 ? 's' : ''}`,
    ...(failing === 0 ? [] : [`${failing} ${failing === 1 ? 'does' : 'do'} not`]),
    ...(untold === 0 ? [] : [`of ${untold} it cannot be told`]),
  ];
  return parts.join(', ');
}
