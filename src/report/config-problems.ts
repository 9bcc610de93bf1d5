import type { ConfigProblem } from '../config/configuration.js';
import { MUTABLE_MODES } from '../config/mutable-mode.js';
import { quoted } from './printable.js';

const NO_MODE = `not a mutable mode (one of: ${MUTABLE_MODES.join(', ')})`;

const PROBLEMS: Readonly<Record<ConfigProblem['kind'], string>> = {
  'no-assignment': 'not an assignment (Key=value), skipped',
  'no-key': 'nothing stands before the =, skipped',
  'outside-section': 'an assignment before the first [section], skipped',
  'unknown-section': 'a section of this name is not known, all of it is skipped',
  'bad-header': 'the header of a section must end in ], skipped up to the next one',
  encoding: 'not valid UTF-8 text, skipped',
  'unknown-key': 'there are only the settings Mutable= and ImagePolicy=, skipped',
  mutable: `${NO_MODE}, skipped`,
  'image-policy': 'not an image policy (see systemd.image-policy(7)), skipped',
  'policy-designator': 'image policies have no partition of this name, its rule is left out',
  'policy-flag':
    'image policies have no such flag, it is left out (and a rule without flags allows everything)',
  dangling: 'a symlink to nothing; remove it, or make what it points to',
  'no-regular-file': 'not a regular file',
  'too-large': 'too large for a configuration file',
  unreadable: 'cannot be read',
};

/** One line about each part of the configuration that was skipped. */
export function describeConfigProblems(problems: readonly ConfigProblem[]): string[] {
  return problems.map((problem) =>
    problem.line === null
      ? `Skipping ${quoted(problem.file)}: ${PROBLEMS[problem.kind]}${problem.text === '' ? '' : ` (${problem.text})`}.`
      : `${quoted(problem.file)}, line ${problem.line}: ${PROBLEMS[problem.kind]}: ${quoted(problem.text.slice(0, 80))}`,
  );
}

/** The mutable mode in the environment is none. */
export function describeMutableVariable(variable: string, value: string): string {
  return `Ignoring ${variable}=: ${quoted(value.slice(0, 80))} is ${NO_MODE}.`;
}
