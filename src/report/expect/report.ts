import { formatJson, type JsonFormat } from '../json.js';
import type { Expectation } from './result.js';

/** How results can be printed beside JSON of our own. */
export type ExpectFormat = 'text' | 'tap' | 'junit' | 'github';

/** All of it in one of the forms; each is loaded if it is asked for. */
export async function formatExpectation(
  expectation: Expectation,
  format: ExpectFormat,
  json: JsonFormat,
): Promise<string> {
  if (json !== 'off') return formatJson((await import('./json.js')).expectJson(expectation), json);
  switch (format) {
    case 'tap':
      return (await import('./tap.js')).expectTap(expectation);
    case 'junit':
      return (await import('./junit.js')).expectJunit(expectation);
    case 'github':
      return (await import('./github.js')).expectAnnotations(expectation);
    case 'text':
      return (await import('./text.js')).expectText(expectation);
  }
}
