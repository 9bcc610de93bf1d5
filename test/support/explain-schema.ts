import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = new URL('../../docs/schema/explain-1.json', import.meta.url);

export interface ExplainedJson {
  readonly searched: readonly string[];
  readonly hosts: readonly Record<string, unknown>[];
  readonly candidates: readonly {
    readonly name: string;
    readonly verdicts: readonly { readonly fate: string; readonly checks: readonly object[] }[];
  }[];
}

/** What `explain --json=` has printed, if it is as the documented schema has it. @throws Error with what is not */
export function readExplained(text: string): ExplainedJson {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value as ExplainedJson;
}
