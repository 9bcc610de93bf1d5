import { CLASSES, classOfProgram, type ExtensionClass } from '../extension-class.js';
import type { ImagePolicy } from '../images/policy/policy.js';
import {
  type ArgumentSpec,
  FORMATS,
  type Format,
  OPTIONS,
  type OptionSpec,
  VERB_ARGUMENTS,
  VERBS,
  type VerbName,
} from '../options.js';
import type { MutableMode } from '../overlay/mutable-mode.js';
import type { JsonFormat } from '../report/json.js';
import type { Level, LogFormat } from '../report/log.js';
import { readAgainst } from './check-options.js';
import { expandArguments, nearest } from './expand.js';
import { type InstallOptions, readInstallOptions } from './install-options.js';
import { type LockFileOptions, readLockFileOptions } from './lock-file-options.js';
import { type PackOptions, type RunOptions, readPackOptions, readRunOptions } from './making-options.js';
import { type MergingOptions, readMergingOptions } from './merging-options.js';
import {
  boolean,
  CHECKS,
  type LayerOptions,
  type OtherHosts,
  oneOf,
  readArchitecture,
  readFormat,
  readImagePolicy,
  readKinds,
  readLevel,
  readMutable,
  readPaths,
  seconds,
} from './option-values.js';
import { readScope } from './pack/field-options.js';
import { readUpdateOptions, type UpdateOptions } from './update-options.js';
import { UsageError } from './usage-error.js';

/** What the user asked for. */
export interface CommandLine {
  readonly verb: VerbName;
  /** Of a verb that takes one, see VERB_ARGUMENTS; `null` if it was left out. */
  readonly argument: string | null;
  /** All arguments of the verb. */
  readonly operands: readonly string[];
  readonly program: string;
  readonly extensionClass: ExtensionClass;
  /** As given; `/` by default. */
  readonly root: string;
  readonly force: boolean;
  readonly merging: MergingOptions;
  /** `null`: as the class has it. */
  readonly noexec: boolean | null;
  /** `null`: not said here. */
  readonly mutable: MutableMode | null;
  /** `null`: not said here. */
  readonly imagePolicy: ImagePolicy | null;
  /** Of the verb `policy`: the image that it is about. */
  readonly image: string | null;
  readonly otherHosts: OtherHosts;
  /** Of the verb `plan`. */
  readonly diff: boolean;
  /** Of the verb `check`: os-release files or root directories of systems to come. */
  readonly against: readonly string[];
  readonly installing: InstallOptions;
  readonly updating: UpdateOptions;
  readonly lockFile: LockFileOptions;
  /** The verb `doctor` takes away what killed calls have left. */
  readonly fix: boolean;
  /** The verb `expect` reads assertions from this file as well. */
  readonly file: string | null;
  readonly layers: LayerOptions;
  readonly run: RunOptions;
  readonly pack: PackOptions;
  readonly alwaysRefresh: boolean;
  /** Seconds; `null` waits for ever. */
  readonly lockTimeout: number | null;
  /** Also with `--root=`, even `--root=/`. */
  readonly noReload: boolean;
  readonly json: JsonFormat;
  /** Another form for what was found, one of FORMATS of the verb; `null`: not said. */
  readonly format: Format | null;
  readonly legend: boolean;
  /** Tables have more columns than those of the original. */
  readonly verbose: boolean;
  readonly logLevel: Level;
  readonly logFormat: LogFormat;
  /** Answer with this text and do nothing. */
  readonly answer: 'help' | 'version' | readonly string[] | null;
}

type Values = {
  readonly [Name in keyof typeof OPTIONS]?: (typeof OPTIONS)[Name]['type'] extends 'boolean'
    ? boolean
    : (typeof OPTIONS)[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string;
};

/**
 * Reads a command line.
 *
 * @param program name it was called by: `confext` and `systemd-confext` select that class
 * @throws UsageError
 */
export async function readCommandLine(
  args: readonly string[],
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<CommandLine> {
  const { words, values } = parse(await expandArguments(args, OPTIONS));
  const answer = values.help ? 'help' : values.version ? 'version' : listChoices(values);
  const called = answer === null ? await readVerb(words) : NO_VERB;
  if (answer === null) checkUse(values, called.verb);
  if (values.format === 'sh' && (values.diff || (values.json ?? 'off') !== 'off'))
    throw new UsageError('The option --format=sh prints a script: leave out --json= and --diff.');
  const named = oneOf('class', values.class);
  return {
    ...called,
    program,
    extensionClass: named === undefined ? classOfProgram(program) : CLASSES[named],
    root: values.root || '/',
    force: values.force ?? false,
    merging: readMergingOptions(called, values),
    noexec: boolean('noexec', values.noexec),
    mutable: readMutable(values.mutable),
    imagePolicy: readImagePolicy(values['image-policy']),
    image: values.image ?? null,
    otherHosts: {
      files: readPaths('host', values.host),
      architecture: readArchitecture(values.arch),
      scope: readScope(values.scope, called.verb),
    },
    against: readAgainst(called, values),
    installing: readInstallOptions(values),
    updating: readUpdateOptions(values),
    diff: values.diff ?? false,
    fix: values.fix ?? false,
    lockFile: readLockFileOptions(called, values),
    file: values.file ?? null,
    layers: {
      planned: values.planned ?? false,
      all: values.all ?? false,
      failOn: readKinds(values['fail-on']),
      allow: values.allow ?? null,
    },
    run: readRunOptions(values),
    pack: readPackOptions(values, called.verb),
    alwaysRefresh: boolean('always-refresh', values['always-refresh']) ?? false,
    lockTimeout: seconds('lock-timeout', values['lock-timeout']),
    // What is below another root is not what the service manager runs.
    noReload: values['no-reload'] === true || values.root !== undefined,
    json: oneOf('json', values.json) ?? 'off',
    format: answer === null ? readFormat(values.format, called.verb) : null,
    legend: !values['no-legend'],
    verbose: values.verbose ?? false,
    logLevel: readLevel(values['log-level'], env['SYSTEMD_LOG_LEVEL']),
    logFormat: oneOf('log-format', values['log-format']) ?? 'text',
    answer,
  };
}

/** Of a command line that asks for an answer and nothing else. */
const NO_VERB = { verb: 'status', argument: null, operands: [] } as const;

/** The values of an option that was given the value `help`; `null` if none was. */
function listChoices(values: Values): readonly string[] | null {
  const names = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];
  const asked = names.find((name) => values[name] === 'help' && 'choices' in OPTIONS[name]);
  if (asked === undefined) return null;
  const { choices = [] } = OPTIONS[asked] as OptionSpec;
  return asked === 'mutable' ? ['Known mutability modes:', ...choices] : choices;
}

/** Takes words and options apart; {@link expandArguments} has done all that is difficult about it. */
function parse(args: readonly string[]): { words: readonly string[]; values: Values } {
  const words: string[] = [];
  const values: Record<string, string | boolean | string[]> = {};
  for (const [index, arg] of args.entries()) {
    if (arg === '--') return { words: [...words, ...args.slice(index + 1)], values };
    const [, name, value = true] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name !== undefined && typeof value === 'string') CHECKS[name]?.(value);
    if (name === undefined) words.push(arg);
    else if (typeof value === 'string' && (OPTIONS as Readonly<Record<string, OptionSpec>>)[name]?.multiple)
      values[name] = [...((values[name] as string[] | undefined) ?? []), value];
    else values[name] = value;
  }
  return { words, values };
}

async function readVerb(
  words: readonly string[],
): Promise<Pick<CommandLine, 'verb' | 'argument' | 'operands'>> {
  const [word = 'status', ...rest] = words;
  const verbs = Object.keys(VERBS);
  if (!verbs.includes(word)) {
    throw new UsageError(`Unknown command verb '${word}', did you mean '${await nearest(word, verbs)}'?`);
  }
  // The original answers whatever follows.
  if (word === 'help') return { verb: word, argument: null, operands: [] };
  const wanted = (VERB_ARGUMENTS as Readonly<Record<string, ArgumentSpec>>)[word];
  const isOpen = wanted?.multiple === true || wanted?.others !== undefined;
  const several = wanted?.second === undefined ? 1 : 2;
  const most = wanted === undefined ? 0 : isOpen ? Number.POSITIVE_INFINITY : several;
  if (rest.length > most) throw new UsageError('Too many arguments.');
  return {
    verb: word as VerbName,
    argument: wanted === undefined ? null : readArgument(word, wanted, rest[0]),
    operands: rest,
  };
}

function readArgument(
  verb: string,
  { value, choices, optional }: ArgumentSpec,
  word: string | undefined,
): string | null {
  if (word === undefined && optional) return null;
  const allowed = choices === undefined ? '' : ` (one of: ${choices.join(', ')})`;
  if (word === undefined)
    throw new UsageError(`Command verb '${verb}' needs an argument: ${value}${allowed}.`);
  if (choices !== undefined && !choices.includes(word))
    throw new UsageError(`Unknown argument to command verb '${verb}': ${word}${allowed}`);
  return word;
}

/** An option that does nothing for a command is a mistake. @throws UsageError */
function checkUse(values: Values, verb: VerbName): void {
  for (const [name, { type, only, except }] of Object.entries<OptionSpec>(OPTIONS)) {
    if (!(name in values)) continue;
    const option = type === 'boolean' ? `--${name}` : `--${name}=`;
    if (except?.includes(verb))
      throw new UsageError(`The option ${option} does nothing for the command '${verb}'.`);
    if (only === undefined || only.includes(verb)) continue;
    const commands = only.map((command) => `'${command}'`).join(', ');
    const noun = only.length === 1 ? 'command' : 'commands';
    throw new UsageError(`The option ${option} is for the ${noun} ${commands} only.`);
  }
}

/** In which form a verb prints what it has found. */
export function formatOf<Verb extends keyof typeof FORMATS>(
  { format }: CommandLine,
  verb: Verb,
): (typeof FORMATS)[Verb][number] {
  const formats: readonly (typeof FORMATS)[Verb][number][] = FORMATS[verb];
  return formats.find((one) => one === format) ?? formats[0]!;
}
