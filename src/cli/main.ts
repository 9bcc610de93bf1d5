import { writeSync } from 'node:fs';
import { basename } from 'node:path';
import { errorCode } from '../host/root.js';
import { programVersion } from '../host/self.js';
import { LOOKING, type VerbName } from '../options.js';
import { deferLog, type Log, openLog } from '../report/log.js';
import { printable, quoted } from '../report/printable.js';
import { isSwitchedOffAtBoot } from './boot-switch.js';
import { type CommandLine, readCommandLine } from './command-line.js';
import {
  type Context,
  chooseHierarchies,
  type Environment,
  EnvironmentError,
  RootError,
  resolveRoot,
} from './context.js';
import { NoSuchImageError } from './inspect/no-such-image.js';
import { NoProcError, NotPrivilegedError } from './unfit-error.js';
import { UsageError } from './usage-error.js';

type Verb = (context: Context) => number | Promise<number>;

/** Verbs are loaded when they are called: `status` needs nothing of what mounts. */
const LOAD: Readonly<Record<VerbName, () => Promise<Verb>>> = {
  status: async () => (await import('./verbs/status.js')).status,
  list: async () => (await import('./verbs/list.js')).list,
  merge: async () => (await import('./verbs/merge.js')).merge,
  unmerge: async () => (await import('./verbs/unmerge.js')).unmerge,
  refresh: async () => (await import('./verbs/refresh.js')).refresh,
  policy: async () => (await import('./verbs/policy.js')).policy,
  explain: async () => (await import('./verbs/explain.js')).explain,
  plan: async () => (await import('./verbs/plan.js')).plan,
  check: async () => (await import('./verbs/check.js')).check,
  lock: async () => (await import('./verbs/lock.js')).lock,
  verify: async () => (await import('./verbs/verify.js')).verify,
  doctor: async () => (await import('./verbs/doctor.js')).doctor,
  expect: async () => (await import('./verbs/expect.js')).expect,
  which: async () => (await import('./verbs/which.js')).which,
  files: async () => (await import('./verbs/files.js')).files,
  conflicts: async () => (await import('./verbs/conflicts.js')).conflicts,
  graph: async () => (await import('./verbs/graph.js')).graph,
  install: async () => (await import('./verbs/install.js')).install,
  remove: async () => (await import('./verbs/remove.js')).remove,
  versions: async () => (await import('./verbs/versions.js')).versions,
  rollback: async () => (await import('./verbs/rollback.js')).rollback,
  update: async () => (await import('./verbs/update.js')).update,
  enable: async () => (await import('./verbs/switches.js')).enable,
  disable: async () => (await import('./verbs/switches.js')).disable,
  mask: async () => (await import('./verbs/switches.js')).mask,
  unmask: async () => (await import('./verbs/switches.js')).unmask,
  init: async () => (await import('./verbs/init.js')).init,
  pack: async () => (await import('./verbs/pack.js')).pack,
  run: async () => (await import('./verbs/run.js')).run,
  inspect: async () => (await import('./verbs/inspect.js')).inspect,
  completion: async () => (await import('./verbs/completion.js')).completion,
  help: async () => (await import('./verbs/help.js')).help,
};

/**
 * The program, from its arguments to its exit status: 0 for success, 1 for every failure (systemd-sysext(8)) but those
 * of verbs of ours that answer with 1.
 * Results go to standard output, everything else to standard error.
 *
 * @param argv as in `process.argv`: interpreter, name it was called by, arguments
 */
export async function main(argv: readonly string[], env: Environment): Promise<number> {
  // What is made in the merged tree has the modes that are asked for.
  process.umask(0o022);
  const program = basename(argv[1] ?? 'sysext');
  let commandLine: CommandLine;
  try {
    commandLine = await readCommandLine(argv.slice(2), program, env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    writeTo(2, `${printable(error.message)}\n`);
    return isAboutRun(argv) ? failureOf('run') : 1;
  }
  if (Array.isArray(commandLine.answer)) return answer(`${commandLine.answer.join('\n')}\n`);
  if (commandLine.answer === 'version') return answer(`sysext ${programVersion()}\n`);
  return run(commandLine, env);
}

/**
 * Where 1 is an answer, a failure is something else, as in diff(1). Where the status is that of another program, a failure is what
 * it is with env(1) and timeout(1).
 */
const failureOf = (verb: VerbName) => (verb === 'run' ? 125 : LOOKING.includes(verb) ? 2 : 1);

/** Of a command line that cannot be understood: whether its verb is `run`, as far as that can be told. */
function isAboutRun(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(2, end < 0 ? undefined : end).includes('run');
}

/** What these print is their result; they rarely log anything. */
const QUIET: ReadonlySet<string> = new Set([
  ...LOOKING,
  'status',
  'list',
  'versions',
  'inspect',
  'policy',
  'help',
  'completion',
]);

async function run(commandLine: CommandLine, env: Environment): Promise<number> {
  const { logLevel: level, logFormat: format } = commandLine;
  const verb = commandLine.answer === 'help' ? 'help' : commandLine.verb;
  if (!QUIET.has(verb)) return runVerb(verb, commandLine, env, await openLog({ level, format }));
  const { log, flush } = deferLog({ level, format });
  try {
    return await runVerb(verb, commandLine, env, log);
  } finally {
    await flush();
  }
}

async function runVerb(
  name: VerbName,
  commandLine: CommandLine,
  env: Environment,
  log: Log,
): Promise<number> {
  try {
    if (isSwitchedOffAtBoot(commandLine, env)) {
      const { kernelSwitch } = commandLine.extensionClass;
      log.notice(`Disabled by the kernel command line option '${kernelSwitch}=', skipping execution.`);
      return 0;
    }
    const verb = await LOAD[name]();
    return await verb({
      commandLine,
      root: resolveRoot(commandLine.root),
      hierarchies: chooseHierarchies(commandLine, env),
      env,
      log,
      print: (text) => writeTo(1, text),
    });
  } catch (error) {
    const { describeError, reasonOf } = await import('../report/errors.js');
    const { doctorHint } = await import('../report/doctor-hint.js');
    const lines = describeError(error) ?? describeCallError(error, reasonOf);
    if (lines === null) throw error;
    const isUnfit = error instanceof NotPrivilegedError || error instanceof NoProcError;
    const hint = doctorHint(error, commandLine, isUnfit);
    if (hint !== null && name !== 'doctor') lines.push(`${lines.pop()} ${hint}`);
    for (const line of lines) log.err(line);
    return failureOf(name);
  }
}

/** Errors in what the user gave us, as opposed to what is found on the machine. */
function describeCallError(error: unknown, reasonOf: (cause: unknown) => string): string[] | null {
  if (error instanceof NotPrivilegedError) return [describeNotPrivileged(error)];
  if (error instanceof NoProcError)
    return ["There is no mount table in /proc; mount it: 'mount -t proc proc /proc'."];
  if (error instanceof RootError)
    return [`Failed to open root directory '${printable(error.path)}': ${reasonOf(error.cause)}.`];
  if (error instanceof NoSuchImageError)
    return [
      error.reason === 'missing'
        ? `There is no file ${quoted(error.wanted)}, and no installed image of that name; the installed ones are shown by the command 'list'.`
        : `${quoted(error.wanted)} is neither a directory, a regular file nor a block device, so it cannot be an image.`,
    ];
  if (error instanceof EnvironmentError)
    return [`Failed to use ${error.variable}=${printable(error.value)}: it must be ${error.wanted}.`];
  return null;
}

function describeNotPrivileged({ isRoot }: NotPrivilegedError): string {
  return isRoot
    ? 'Need to be privileged: this is root, but without CAP_SYS_ADMIN. Start the container with --privileged, or for directories alone with --cap-add=SYS_ADMIN.'
    : "Need to be privileged. Run it as root, or below 'unshare --user --map-root-user --mount'.";
}

function answer(text: string): number {
  writeTo(1, text);
  return 0;
}

/** A reader that closes the pipe early (`sysext list | head -1`) has what it wanted. */
function writeTo(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch (error) {
    if (errorCode(error) !== 'EPIPE') throw error;
  }
}
