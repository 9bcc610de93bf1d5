import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = new URL('../../docs/schema/check-1.json', import.meta.url);

export interface CheckedJson {
  readonly images: readonly {
    readonly name: string;
    readonly status: string;
    readonly against: { readonly root: string | null; readonly reason: string | null } | null;
    readonly findings: readonly {
      readonly code: string;
      readonly severity: string;
      readonly path: string | null;
      readonly message: string;
    }[];
    readonly afterwards: readonly { readonly commandLine: string; readonly done: boolean }[];
  }[];
  readonly codes: readonly { readonly code: string }[];
}

/** What `check --json=` has printed, if it is as the documented schema has it. @throws Error with what is not */
export function readChecked(text: string): CheckedJson {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value as CheckedJson;
}
