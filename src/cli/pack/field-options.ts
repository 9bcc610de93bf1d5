import type { ExtensionClass } from '../../extension-class.js';
import { OPTIONS, type VerbName } from '../../options.js';
import { hostFields } from '../../release/write-release.js';
import { UsageError } from '../usage-error.js';

/** What the release file of an extension shall say, as far as there are options for it. */
export interface FieldOptions {
  /** The root of a system that it is for. */
  readonly forHost: string | null;
  readonly id: string | null;
  readonly versionId: string | null;
  readonly level: string | null;
  readonly scopes: readonly string[];
  /** Names and values. */
  readonly others: readonly (readonly [name: string, value: string])[];
}

/** For whom `explain` explains. @throws UsageError */
export function readScope(value: string | undefined, verb: VerbName): 'system' | 'initrd' | null {
  if (value === undefined || verb !== 'explain' || value === 'help') return null;
  if (value === 'system' || value === 'initrd') return value;
  throw new UsageError(`Unknown argument to --scope= switch: ${value} (one of: system, initrd)`);
}

/** What an extension is for: one or more, separated by commas. @throws UsageError */
export function readScopes(value: string | undefined, verb: VerbName): readonly string[] {
  if (value === undefined || value === 'help' || (verb !== 'init' && verb !== 'pack')) return [];
  const known: readonly string[] = OPTIONS.scope.choices;
  return value.split(',').map((word) => {
    if (known.includes(word)) return word;
    throw new UsageError(`Unknown argument to --scope= switch: ${word} (some of: ${known.join(', ')})`);
  });
}

/** @throws UsageError */
export function readFields(words: readonly string[]): FieldOptions['others'] {
  return words.map((word) => {
    const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(
        `Failed to parse argument to --field=: ${word} (it must be NAME=VALUE, with a name of capital letters, digits and underscores)`,
      );
    return [name, value];
  });
}

/**
 * The fields of the release file, in the order in which they are to stand.
 *
 * @param host what the system says it is that the extension is for; `null` if none was named
 * @param architecture asked for
 */
export function fieldsOf(
  options: FieldOptions,
  extensionClass: ExtensionClass,
  host: ReadonlyMap<string, string> | null,
  architecture: string | null,
): Map<string, string> {
  const fields = host === null ? new Map<string, string>() : hostFields(host, extensionClass);
  const set = (name: string, value: string | null) => {
    if (value !== null) fields.set(name, value);
  };
  set('ID', options.id);
  // One that is asked for stands in place of what the host would have.
  if (options.level !== null) fields.delete('VERSION_ID');
  if (options.versionId !== null) fields.delete(extensionClass.levelField);
  set('VERSION_ID', options.versionId);
  set(extensionClass.levelField, options.level);
  set(extensionClass.scopeField, options.scopes.length === 0 ? null : options.scopes.join(' '));
  set('ARCHITECTURE', architecture);
  for (const [name, value] of options.others) set(name, value);
  return fields;
}
