import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

export interface VerifiedJson {
  readonly result: string;
  readonly extensions: readonly string[];
  readonly differences: readonly { readonly kind: string; readonly extension: string | null }[];
  readonly untold: readonly { readonly kind: string; readonly extension: string | null }[];
}

/** Fails unless a lock file is as the documented schema has it. */
export function checkLock(text: string): void {
  check('lock-1', text);
}

/** What `verify --json=` has printed, if it is as the documented schema has it. @throws Error with what is not */
export function readVerified(text: string): VerifiedJson {
  return check('verify-1', text) as VerifiedJson;
}

function check(schema: string, text: string): unknown {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true, allowUnionTypes: true });
  const file = new URL(`../../docs/schema/${schema}.json`, import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value;
}
