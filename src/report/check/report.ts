import { formatJson, type JsonFormat } from '../json.js';
import type { CheckReport } from './checked.js';

/** How findings can be printed beside JSON of our own. */
export type CheckFormat = 'text' | 'sarif' | 'github';

/** All of it in one of the forms; each is loaded if it is asked for. `version` is that of the program. */
export async function formatCheck(
  report: CheckReport,
  format: CheckFormat,
  json: JsonFormat,
  version: string,
): Promise<string> {
  if (format === 'sarif') {
    const { checkSarif } = await import('./sarif.js');
    return formatJson(checkSarif(report, version), json === 'off' ? 'pretty' : json);
  }
  if (format === 'github') return (await import('./github.js')).checkAnnotations(report);
  if (json !== 'off') return formatJson((await import('./json.js')).checkJson(report), json);
  return (await import('./text.js')).checkText(report);
}
