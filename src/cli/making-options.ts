import type { VerbName } from '../options.js';
import { type FieldOptions, readFields, readScopes } from './pack/field-options.js';

/** Options of the verb `run`. */
export interface RunOptions {
  /** Images, directories, or names of what is installed, of the class of this call. */
  readonly with: readonly string[];
  /** The same of configuration extensions. */
  readonly withConfext: readonly string[];
  readonly writable: boolean;
  /** The directory for what the command has changed. */
  readonly keep: string | null;
}

/** Options of the verbs `init` and `pack`. */
export interface PackOptions {
  readonly output: string | null;
  readonly packages: readonly string[];
  readonly archives: readonly string[];
  /** Of the release file, as they were given. */
  readonly fields: FieldOptions;
  readonly services: readonly string[];
  readonly verity: boolean;
  readonly privateKey: string | null;
  readonly certificate: string | null;
}

interface RunValues {
  readonly with?: readonly string[];
  readonly 'with-confext'?: readonly string[];
  readonly writable?: boolean;
  readonly keep?: string;
}

export function readRunOptions(values: RunValues): RunOptions {
  return {
    with: values.with ?? [],
    withConfext: values['with-confext'] ?? [],
    writable: values.writable ?? false,
    keep: values.keep ?? null,
  };
}

interface PackValues {
  readonly output?: string;
  readonly deb?: readonly string[];
  readonly tar?: readonly string[];
  readonly 'for-host'?: string;
  readonly id?: string;
  readonly 'version-id'?: string;
  readonly level?: string;
  readonly scope?: string;
  readonly field?: readonly string[];
  readonly service?: readonly string[];
  readonly verity?: boolean;
  readonly 'private-key'?: string;
  readonly certificate?: string;
}

/** @throws UsageError */
export function readPackOptions(values: PackValues, verb: VerbName): PackOptions {
  return {
    output: values.output ?? null,
    packages: values.deb ?? [],
    archives: values.tar ?? [],
    fields: {
      forHost: values['for-host'] ?? null,
      id: values.id ?? null,
      versionId: values['version-id'] ?? null,
      level: values.level ?? null,
      scopes: readScopes(values.scope, verb),
      others: readFields(values.field ?? []),
    },
    services: values.service ?? [],
    verity: (values.verity ?? false) || values['private-key'] !== undefined,
    privateKey: values['private-key'] ?? null,
    certificate: values.certificate ?? null,
  };
}
