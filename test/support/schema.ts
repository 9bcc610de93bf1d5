import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What a verb has printed as JSON, if it is as the documented schema has it. @throws Error with what is not */
export function readBySchema(name: string, text: string): unknown {
  const file = new URL(`../../docs/schema/${name}.json`, import.meta.url);
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value;
}

interface VersionsJson {
  readonly extensions: readonly {
    readonly name: string;
    readonly off: string | null;
    readonly versions: readonly {
      readonly version: string | null;
      readonly path: string;
      readonly state: string;
      readonly merged: boolean | null;
      readonly triesLeft: number | null;
    }[];
  }[];
}

export const readVersions = (text: string): VersionsJson => readBySchema('versions-1', text) as VersionsJson;

interface AgainstJson {
  readonly answer: string;
  readonly present: { readonly versionId: string | null } | null;
  readonly systems: readonly {
    readonly path: string;
    readonly extensions: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly problem: string | null;
      readonly checks: readonly object[];
    }[];
  }[];
}

export const readAgainst = (text: string): AgainstJson => readBySchema('against-1', text) as AgainstJson;
