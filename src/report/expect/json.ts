import type { Json } from '../json.js';
import { type Expectation, expectStatus, type Result } from './result.js';
import { wordsOf } from './words.js';

/** The results as JSON, by docs/schema/expect-1.json. */
export function expectJson(expectation: Expectation): Json {
  const { extensionClass, results } = expectation;
  return {
    schema: 'expect-1',
    class: extensionClass.name,
    verdict: (['holds', 'fails', 'untold'] as const)[expectStatus(results)],
    assertions: results.map((result) => resultJson(result, expectation)),
  };
}

function resultJson(result: Result, expectation: Expectation): Json {
  const { stated, verdict } = result;
  const { text, place, assertion } = stated;
  const { found, advice } = wordsOf(result, expectation);
  return {
    assertion: text,
    kind: assertion.kind,
    file: place.kind === 'line' ? place.file : null,
    line: place.kind === 'line' ? place.number : null,
    verdict,
    found,
    remedy: advice,
  };
}
