import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = new URL('../../docs/schema/plan-1.json', import.meta.url);

export interface PlanJson {
  readonly verb: string;
  readonly outcome: string;
  readonly because: string | null;
  readonly problems: readonly string[];
  readonly extensions: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly problem: string }[];
  readonly steps: readonly { readonly kind: string; readonly what: string; readonly details: object }[];
  readonly diff: { readonly reasons: readonly string[] } | null;
}

/** What `plan --json=` has printed, if it is as the documented schema has it. @throws Error with what is not */
export function readPlan(text: string): PlanJson {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value as PlanJson;
}
