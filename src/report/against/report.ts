import { formatJson, type JsonFormat } from '../json.js';
import type { AgainstReport } from './outcome.js';

/** All of it in one of the forms; each is loaded if it is asked for. */
export async function againstReport(
  report: AgainstReport,
  format: 'text' | 'github',
  json: JsonFormat,
): Promise<string> {
  if (format === 'github') return (await import('./github.js')).againstAnnotations(report);
  if (json !== 'off') return formatJson((await import('./json.js')).againstJson(report), json);
  return (await import('./text.js')).againstText(report);
}
