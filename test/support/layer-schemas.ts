import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface LayerJson {
  readonly kind: string;
  readonly name: string | null;
}

interface Head {
  readonly kind: 'live' | 'planned';
  readonly notes: readonly string[];
}

export interface WhichJson extends Head {
  readonly paths: readonly {
    readonly asked: string;
    readonly path: string;
    readonly kind: string;
    readonly status: number;
    readonly provider: {
      readonly layer: LayerJson;
      readonly path: string | null;
      readonly type: string;
    } | null;
    readonly others: readonly {
      readonly layer: LayerJson;
      readonly fate: string;
      readonly cover: string | null;
      readonly difference: string | null;
    }[];
    readonly entries: readonly { readonly name: string; readonly layers: readonly LayerJson[] }[] | null;
  }[];
}

export interface FilesJson extends Head {
  readonly counts: Readonly<Record<string, number>>;
  readonly files: readonly {
    readonly path: string;
    readonly directory: boolean;
    readonly visibility: string;
    readonly by: LayerJson | null;
  }[];
}

export interface ConflictsJson extends Head {
  readonly status: number;
  readonly unusedPatterns: readonly string[];
  readonly conflicts: readonly {
    readonly kind: string;
    readonly path: string;
    readonly winner: { readonly layer: LayerJson } | null;
    readonly loser: { readonly layer: LayerJson };
    readonly allowed: boolean;
  }[];
}

export interface GraphJson extends Head {
  readonly graphs: readonly {
    readonly hierarchy: string;
    readonly layers: readonly {
      readonly layer: LayerJson;
      readonly adds: number | null;
      readonly hides: number | null;
      readonly hidden: readonly string[];
      readonly lost: number | null;
    }[];
  }[];
}

interface Outputs {
  readonly 'which-1': WhichJson;
  readonly 'files-1': FilesJson;
  readonly 'conflicts-1': ConflictsJson;
  readonly 'graph-1': GraphJson;
}

/** What a verb has printed with `--json=`, if it is as the documented schema has it. @throws Error with what is not */
export function readLayerJson<Name extends keyof Outputs>(name: Name, text: string): Outputs[Name] {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
  const schema = new URL(`../../docs/schema/${name}.json`, import.meta.url);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')) as object);
  const value: unknown = JSON.parse(text);
  if (!validate(value)) throw new Error(`not by the schema: ${ajv.errorsText(validate.errors)}`);
  return value as Outputs[Name];
}
