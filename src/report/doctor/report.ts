import type { Caller } from '../explain-hint.js';
import { formatJson, type JsonFormat } from '../json.js';
import type { Diagnosis } from './diagnosis.js';
import { diagnosisJson } from './json.js';
import { diagnosisText } from './text.js';

/** Whether a machine is fit, in words for who never met the idea, or as JSON. */
export async function diagnosisReport(
  diagnosis: Diagnosis,
  caller: Caller,
  json: JsonFormat,
): Promise<string> {
  if (json !== 'off') return formatJson(diagnosisJson(diagnosis, caller), json);
  return diagnosisText(diagnosis, caller);
}
