import type { ConfigProblem } from '../config/configuration.js';
import type { FileProblem } from '../config/configuration-files.js';
import { MUTABLE_MODES } from '../config/mutable-mode.js';
import type { BrokenLine } from '../config/statements.js';
import { quoted } from './printable.js';

const NO_MODE = `not a mutable mode (one of: ${MUTABLE_MODES.join(', ')})`;

/** What can be wrong with any configuration file. */
export const CONFIG_FILE_PROBLEMS: Readonly<Record<BrokenLine['kind'] | FileProblem['kind'], string>> = {
  'no-assignment': 'not an assignment (Key=value), skipped',
  'no-key': 'nothing stands before the =, skipped',
  'outside-section': 'an assignment before the first [section], skipped',
  'unknown-section': 'a section of this name is not known, all of it is skipped',
  'bad-header': 'the header of a section must end in ], skipped up to the next one',
  encoding: 'not valid UTF-8 text, skipped',
  dangling: 'a symlink to nothing; remove it, or make what it points to',
  'no-regular-file': 'not a regular file',
  'too-large': 'too large for a configuration file',
  unreadable: 'cannot be read',
};

const PROBLEMS: Readonly<Record<ConfigProblem['kind'], string>> = {
  ...CONFIG_FILE_PROBLEMS,
  'unknown-key': 'there are only the settings Mutable= and ImagePolicy=, skipped',
  mutable: `${NO_MODE}, skipped`,
  'image-policy': 'not an image policy (see systemd.image-policy(7)), skipped',
  'policy-designator': 'image policies have no partition of this name, its rule is left out',
  'policy-flag':
    'image policies have no such flag, it is left out (and a rule without flags allows everything)',
};

/** One line about each part of the configuration that was skipped. */
export function describeConfigProblems(problems: readonly ConfigProblem[]): string[] {
  return problems.map((problem) => describeSkipped(problem, PROBLEMS[problem.kind]));
}

/** @param what is wrong with the line or, without one, with the file */
export function describeSkipped(
  { file, line, text }: Pick<ConfigProblem, 'file' | 'line' | 'text'>,
  what: string,
): string {
  return line === null
    ? `Skipping ${quoted(file)}: ${what}${text === '' ? '' : ` (${text})`}.`
    : `${quoted(file)}, line ${line}: ${what}: ${quoted(text.slice(0, 80))}`;
}

/** The mutable mode in the environment is none. */
export function describeMutableVariable(variable: string, value: string): string {
  return `Ignoring ${variable}=: ${quoted(value.slice(0, 80))} is ${NO_MODE}.`;
}
