import { printable } from '../printable.js';
import type { Expectation } from './result.js';
import { describePlace } from './syntax.js';
import { wordsOf } from './words.js';

/**
 * The Test Anything Protocol, version 14 (https://testanything.org/tap-version-14-specification.html): one test point an assertion.
 * Of those that do not hold a block of YAML tells more; its values are written as JSON strings, which are YAML too.
 */
export function expectTap(expectation: Expectation): string {
  const { results } = expectation;
  const points = results.flatMap((result, index) => {
    const { stated, verdict } = result;
    const point = `${verdict === 'holds' ? 'ok' : 'not ok'} ${index + 1} - ${description(stated.text)}`;
    if (verdict === 'holds') return [point];
    const { found, advice } = wordsOf(result, expectation);
    return [
      point,
      '  ---',
      `  message: ${JSON.stringify(found)}`,
      `  severity: ${verdict === 'fails' ? 'fail' : 'unknown'}`,
      `  at: ${JSON.stringify(describePlace(stated.place))}`,
      ...(advice === null ? [] : [`  remedy: ${JSON.stringify(advice)}`]),
      '  ...',
    ];
  });
  return ['TAP version 14', `1..${results.length}`, ...points, ''].join('\n');
}

/** What begins a directive is escaped, and so what escapes. */
function description(text: string): string {
  return printable(text).replace(/[\\#]/g, '\\$&');
}
