import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = new URL('../../docs/schema/doctor-1.json', import.meta.url);

export interface DiagnosisJson {
  readonly answer: string;
  readonly machine: Readonly<Record<string, unknown>>;
  readonly checks: readonly {
    readonly code: string;
    readonly subject: string | null;
    readonly verdict: string;
    readonly feature: string;
    readonly found: string;
    readonly remedy: string | null;
    readonly advice: string | null;
  }[];
  readonly tools: readonly {
    readonly program: string;
    readonly commands: readonly string[];
    readonly debianPackage: string;
    readonly path: string | null;
  }[];
  readonly leftovers: readonly { readonly kind: string; readonly path: string; readonly text: string }[];
  readonly atWork: { readonly process: string | null } | null;
  readonly untold: readonly string[];
  readonly mended: DiagnosisJson['leftovers'] | null;
}

/** What `doctor --json=` has printed, if it is as the documented schema has it. @throws Error with what is not */
export function readDiagnosis(text: string): DiagnosisJson {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value as DiagnosisJson;
}
