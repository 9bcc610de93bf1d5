import type { ExtensionClass } from '../../extension-class.js';
import { formatJson, type JsonFormat } from '../json.js';
import { quotedList } from '../printable.js';
import type { Explanation } from './candidate.js';
import { explanationJson } from './json.js';
import { overview } from './overview.js';
import { describeCandidate } from './text.js';

/** What becomes of each candidate, in words for who never met the idea, as JSON, or as annotations of GitHub. */
export async function explanationReport(
  explanation: Explanation,
  extensionClass: ExtensionClass,
  json: JsonFormat,
  format: 'text' | 'github' = 'text',
): Promise<string> {
  if (json !== 'off') return formatJson(explanationJson(explanation, extensionClass), json);
  if (format === 'github')
    return (await import('./github.js')).explanationAnnotations(explanation, extensionClass);
  const { candidates, searched } = explanation;
  if (candidates.length === 0)
    return `No ${extensionClass.noun} found. They are looked for in ${quotedList(searched)}; there is nothing to explain.\n`;
  const texts = [(await overview(explanation, extensionClass)).map((line) => `${line}\n`).join('')];
  for (const candidate of candidates)
    texts.push(await describeCandidate(explanation, candidate, extensionClass));
  return texts.join('\n');
}
