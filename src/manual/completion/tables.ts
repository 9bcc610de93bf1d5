import { CONFLICT_KINDS } from '../../layers/conflict-kind.js';
import { type ArgumentSpec, OPTIONS, type OptionSpec, VERB_ARGUMENTS, VERBS } from '../../options.js';
import { LEVELS } from '../../report/log.js';

/** What completion scripts are made from; the tests have others, with descriptions that are hard to quote. */
export interface Tables {
  /** Names of programs, all with the same command line. */
  readonly programs: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly verbs: Readonly<Record<string, string>>;
  readonly verbArguments: Readonly<Record<string, ArgumentSpec>>;
}

/** The verbs whose argument is one of some words. */
export function verbChoices({
  verbArguments,
}: Tables): [verb: string, value: string, choices: readonly string[]][] {
  return Object.entries(verbArguments).flatMap(([verb, { value, choices }]) =>
    choices === undefined ? [] : [[verb, value, choices]],
  );
}

/** The verbs whose argument is a file. */
export function verbsWithFile({ verbArguments }: Tables): string[] {
  return Object.keys(verbArguments).filter((verb) => verbArguments[verb]?.isFile);
}

/** Those of them that take more than one. */
export function verbsWithFiles(tables: Tables): string[] {
  return verbsWithFile(tables).filter((verb) => tables.verbArguments[verb]?.multiple);
}

/** Not `systemd-sysext`: the scripts of systemd complete that, and know options of the original that we do not have. */
export const TABLES: Tables = {
  programs: ['sysext', 'confext'],
  options: OPTIONS,
  verbs: VERBS,
  verbArguments: VERB_ARGUMENTS,
};

/** What an option may be followed by: one of some words, a path, or something that only the user knows. */
export type Suggestion = readonly string[] | 'directory' | 'file' | 'anything';

type FreeOption = Exclude<(typeof OPTIONS)[keyof typeof OPTIONS], { readonly choices: readonly string[] }>;

/** By the name that the value has in the help: a new name does not compile before it is said here what it is. */
const SUGGESTIONS = {
  PATH: 'directory',
  DIR: 'directory',
  FILE: 'file',
  IMAGE: 'file',
  DIRECTORY: 'directory',
  PACKAGE: 'file',
  ID: 'anything',
  VERSION: 'anything',
  UNIT: 'anything',
  'NAME=VALUE': 'anything',
  BOOL: ['yes', 'no'],
  LEVEL: LEVELS,
  SECONDS: 'anything',
  POLICY: 'anything',
  GLOB: 'anything',
  NAMES: 'anything',
  ARCHITECTURE: 'anything',
  HEX: 'anything',
  SIZE: 'anything',
  KINDS: ['all', 'none', ...CONFLICT_KINDS],
} as const satisfies Readonly<Record<Extract<FreeOption, { readonly value: string }>['value'], Suggestion>>;

/** @returns `null` for an option that takes no value */
export function suggestionFor({ type, value = '', choices }: OptionSpec): Suggestion | null {
  if (type === 'boolean') return null;
  // Each option with choices can list them.
  if (choices !== undefined) return [...choices, 'help'];
  return (SUGGESTIONS as Readonly<Record<string, Suggestion>>)[value] ?? 'anything';
}

/** In single quotes, for sh, bash and zsh: the one character that ends them stands outside, behind a backslash. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Descriptions are shown on one line; a line break would end a comment or a word list in the scripts. */
export function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]+/g, ' ');
}
