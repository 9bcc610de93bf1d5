import type { VerbName } from '../options.js';
import { type Choice, isEverything } from '../overlay/choice.js';
import { UsageError } from './usage-error.js';

/** What is asked of a merge beyond that it takes all that fits. */
export interface MergingOptions {
  /** What shall be merged, with directories as they were given; `null`: not said here. */
  readonly choice: Choice | null;
  /** All that is installed shall be merged, whatever was chosen before. */
  readonly forgetsChoice: boolean;
  /** A lock file that says just what is to be merged. */
  readonly locked: string | null;
  /** What is broken is skipped. */
  readonly keepGoing: boolean;
  /** What would be ignored is an error. */
  readonly strict: boolean;
  /** The exit status tells more, see exit-status.ts. */
  readonly exitCode: boolean;
}

interface Called {
  readonly verb: VerbName;
  readonly argument: string | null;
  readonly operands: readonly string[];
}

interface Values {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly from?: readonly string[];
  readonly order?: string;
  readonly all?: boolean;
  readonly locked?: string;
  readonly 'keep-going'?: boolean;
  readonly strict?: boolean;
  readonly 'exit-code'?: boolean;
}

/** @throws UsageError for what cannot be meant */
export function readMergingOptions(called: Called, values: Values): MergingOptions {
  const choice: Choice = {
    names: namesOf(called),
    only: filled('only', values.only),
    except: filled('except', values.except),
    from: filled('from', values.from),
    order: readOrder(values.order),
  };
  const options: MergingOptions = {
    choice: isEverything(choice) ? null : choice,
    forgetsChoice: called.verb !== 'which' && (values.all ?? false),
    locked: filled('locked', values.locked === undefined ? [] : [values.locked])[0] ?? null,
    keepGoing: values['keep-going'] ?? false,
    strict: values.strict ?? false,
    exitCode: values['exit-code'] ?? false,
  };
  checkTogether(called, options);
  return options;
}

function namesOf({ verb, operands }: Called): readonly string[] {
  if (verb === 'merge' || verb === 'refresh') return [...new Set(operands)];
  return verb === 'plan' ? [...new Set(operands.slice(1))] : [];
}

function filled(
  name: 'only' | 'except' | 'from' | 'locked',
  values: readonly string[] = [],
): readonly string[] {
  if (values.includes('')) throw new UsageError(`Option '--${name}' needs a value.`);
  return [...new Set(values)];
}

function readOrder(value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  const names = value.split(',');
  if (names.includes('')) throw new UsageError(`Failed to parse names in '--order': ${value}`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new UsageError(`Option '--order' has '${twice}' twice.`);
  return names;
}

/** What contradicts itself, or is for another command than the one that is planned. */
function checkTogether({ verb, argument }: Called, options: MergingOptions): void {
  const { choice, forgetsChoice, locked, keepGoing, strict } = options;
  if (keepGoing && strict)
    throw new UsageError(
      'The options --keep-going and --strict contradict each other: one skips what is broken, the other one ignores nothing.',
    );
  if (forgetsChoice && choice !== null)
    throw new UsageError(
      'The option --all takes all that is installed: leave it out, or what chooses from that.',
    );
  const chooses = choice !== null && !isEverything({ ...choice, from: [] });
  if (locked !== null && (chooses || forgetsChoice || keepGoing))
    throw new UsageError(
      'The option --locked= says just what is merged, and in which order: leave out what chooses, and --keep-going.',
    );
  if (verb !== 'plan') return;
  if (argument === 'unmerge' && choice !== null && choice.names.length > 0)
    throw new UsageError('Too many arguments.');
  if (argument === 'unmerge' && (choice !== null || forgetsChoice || locked !== null || keepGoing || strict))
    throw new UsageError(
      "There is nothing to choose for the command 'unmerge': it takes off all that is merged.",
    );
  if (argument === 'merge' && forgetsChoice)
    throw new UsageError("The option --all is for 'refresh': 'merge' takes all without it.");
}
