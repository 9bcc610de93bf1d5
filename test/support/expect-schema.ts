import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = new URL('../../docs/schema/expect-1.json', import.meta.url);

export interface ExpectedJson {
  readonly verdict: string;
  readonly assertions: readonly {
    readonly assertion: string;
    readonly kind: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly verdict: string;
    readonly found: string;
    readonly remedy: string | null;
  }[];
}

/** What `expect --json=` has printed, if it is as the documented schema has it. @throws Error with what is not */
export function readExpected(text: string): ExpectedJson {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value as ExpectedJson;
}
