import { parseBoolean } from '../config/boolean-word.js';
import { parseMutableMode } from '../config/mutable-mode.js';
import { ARCHITECTURES } from '../host/architecture.js';
import { ImagePolicyError, parseImagePolicy } from '../images/policy/parse.js';
import type { ImagePolicy } from '../images/policy/policy.js';
import { CONFLICT_KINDS, type ConflictKind } from '../layers/conflict-kind.js';
import { FORMATS, type Format, OPTIONS, type VerbName } from '../options.js';
import { MUTABLE_MODES, type MutableMode } from '../overlay/mutable-mode.js';
import { describePolicyError } from '../report/image-policy/errors.js';
import { type Level, parseLevel } from '../report/log.js';
import { readScopes } from './pack/field-options.js';
import { UsageError } from './usage-error.js';

/** Whom the verb `explain` explains for; this machine, unless something is set. */
export interface OtherHosts {
  /** Release files. */
  readonly files: readonly string[];
  /** An identifier of `ConditionArchitecture=`. */
  readonly architecture: string | null;
  readonly scope: 'system' | 'initrd' | null;
}

/** Options of the verbs that are about layers. */
export interface LayerOptions {
  /** Those of the next merge, whatever is merged now. */
  readonly planned: boolean;
  readonly all: boolean;
  /** Kinds of conflicts that are failures. */
  readonly failOn: ReadonlySet<ConflictKind>;
  /** The file with what may be as it is. */
  readonly allow: string | null;
}

// What each option takes. All of these throw UsageError for anything else; `help` is for listChoices() to answer.

type ChoiceOption = 'class' | 'json' | 'log-format';

export function oneOf<Name extends ChoiceOption>(name: Name, value: string | undefined) {
  const choices: readonly string[] = OPTIONS[name].choices;
  if (value !== undefined && value !== 'help' && !choices.includes(value)) {
    throw new UsageError(`Unknown argument to --${name}= switch: ${value} (one of: ${choices.join(', ')})`);
  }
  return value === 'help' ? undefined : (value as (typeof OPTIONS)[Name]['choices'][number] | undefined);
}

export function boolean(name: string, value: string | undefined): boolean | null {
  if (value === undefined) return null;
  const meant = parseBoolean(value);
  if (meant !== null) return meant;
  throw new UsageError(`Failed to parse boolean argument to '--${name}': ${value}`);
}

export function readMutable(value: string | undefined): MutableMode | null {
  if (value === undefined || value === 'help') return null;
  const mode = parseMutableMode(value);
  if (mode === null)
    throw new UsageError(
      `Failed to parse argument to --mutable=: ${value} (one of: ${MUTABLE_MODES.join(', ')})`,
    );
  return mode;
}

export function readImagePolicy(value: string | undefined): ImagePolicy | null {
  if (value === undefined) return null;
  try {
    return parseImagePolicy(value);
  } catch (error) {
    if (error instanceof ImagePolicyError) throw new UsageError(describePolicyError(error));
    throw error;
  }
}

/** Each verb has forms of its own. */
export function readFormat(value: string | undefined, verb: VerbName): Format | null {
  if (value === undefined || value === 'help') return null;
  const formats: Readonly<Record<string, readonly Format[]>> = FORMATS;
  const found = formats[verb]?.find((format) => format === value);
  if (found !== undefined) return found;
  throw new UsageError(
    `Unknown argument to --format= switch: ${value} (one of: ${(formats[verb] ?? []).join(', ')})`,
  );
}

export function readPaths(name: 'host' | 'against', values: readonly string[] = []): readonly string[] {
  if (values.includes(''))
    throw new UsageError(`Option '--${name}' needs a value: --${name}=${OPTIONS[name].value}.`);
  return values;
}

export function readChecksum(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (!/^[0-9a-f]{64}$/i.test(value))
    throw new UsageError(`Failed to parse checksum in '--sha256': ${value} (64 hexadecimal digits)`);
  return value.toLowerCase();
}

/** The letters of systemd's settings: powers of 1024 (systemd.syntax(7)). */
const POWERS = ['', 'K', 'M', 'G', 'T'];

export function readSize(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const [, digits = '', letter = ''] = /^(\d{1,12}(?:\.\d{1,3})?)([KMGT]?)$/.exec(value) ?? [];
  const size = Math.floor(Number(digits) * 1024 ** POWERS.indexOf(letter));
  if (digits === '' || size < 1 || !Number.isSafeInteger(size))
    throw new UsageError(
      `Failed to parse size in '--${name}': ${value} (bytes, or a number and K, M, G or T)`,
    );
  return size;
}

/** The characters that count in a version (systemd.v(7)). */
export function readVersion(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (!/^[0-9A-Za-z.~^-]{1,100}$/.test(value))
    throw new UsageError(`Failed to parse version in '--version-as': ${value} (letters, digits and . ~ ^ -)`);
  return value;
}

/** What is equal does no harm. */
const DEFAULT_KINDS = CONFLICT_KINDS.filter((kind) => kind !== 'equal');

export function readKinds(value: string | undefined): ReadonlySet<ConflictKind> {
  const words = value?.split(',').filter((word) => word !== '') ?? DEFAULT_KINDS;
  const kinds = words.flatMap((word): readonly ConflictKind[] => {
    if (word === 'none') return [];
    if (word === 'all') return CONFLICT_KINDS;
    const kind = CONFLICT_KINDS.find((one) => one === word);
    if (kind !== undefined) return [kind];
    const known = ['all', 'none', ...CONFLICT_KINDS].join(', ');
    throw new UsageError(`Unknown argument to --fail-on= switch: ${word} (some of: ${known})`);
  });
  return new Set(kinds);
}

/** Not a choice like others: nobody wants to complete all of them, or see them in the manual page. */
export function readArchitecture(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (!ARCHITECTURES.has(value)) {
    const known = [...ARCHITECTURES].sort().join(', ');
    throw new UsageError(`Unknown argument to --arch= switch: ${value} (one of: ${known})`);
  }
  return value;
}

export function seconds(name: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  if (!/^\d{1,9}(\.\d+)?$/.test(value))
    throw new UsageError(`Failed to parse seconds in '--${name}': ${value}`);
  return Number(value);
}

/** A wrong level on the command line is an error; in the environment it is as good as none. */
export function readLevel(option: string | undefined, variable: string | undefined): Level {
  if (option === undefined) return parseLevel(variable ?? '') ?? 'info';
  const level = parseLevel(option);
  if (level === null)
    throw new UsageError(
      `Failed to parse log level: ${option} (one of: ${OPTIONS['log-level'].describe.split(': ')[1]})`,
    );
  return level;
}

/** The same for each value that is given: as in the original, one that a later one replaces has to be right, too. */
export const CHECKS: Readonly<Record<string, (value: string) => unknown>> = {
  class: (value) => oneOf('class', value),
  noexec: (value) => boolean('noexec', value),
  mutable: readMutable,
  'image-policy': readImagePolicy,
  scope: (value) => readScopes(value, 'pack'),
  'always-refresh': (value) => boolean('always-refresh', value),
  'lock-timeout': (value) => seconds('lock-timeout', value),
  json: (value) => oneOf('json', value),
  'log-level': (value) => readLevel(value, undefined),
  'log-format': (value) => oneOf('log-format', value),
};
