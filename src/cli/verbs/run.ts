import { join } from 'node:path';
import { CONFEXT } from '../../extension-class.js';
import { endPrograms } from '../../mount/unmounted/fuse.js';
import { readHostRelease } from '../../release/host-release.js';
import { hostFields, releaseText } from '../../release/write-release.js';
import { describeGiven, describeKept, describeLost } from '../../report/run.js';
import { type Entered, enterAgain, entered } from '../../run/enter.js';
import { findProgram } from '../../run/find-program.js';
import { checkKeep, keepChanges } from '../../run/keep.js';
import { GivenError } from '../../run/problem.js';
import { directoryBelow, furnishRoot, startOf } from '../../run/start.js';
import { type Supervisor, statusOf, superviseSignals } from '../../run/supervise.js';
import { letGo, type Written } from '../../run/write-directories.js';
import type { Context } from '../context.js';
import { mergeGiven } from '../run/merge-given.js';

/** Exit statuses of env(1) and timeout(1). */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/**
 * `run --with=IMAGE… -- COMMAND…`: a merge that one command sees, and nobody else. With `--writable` there need be no image. This program is started once more in namespaces
 * of its own; that process merges, starts the command, and waits for it.
 *
 * @returns the exit status of the command; 126 and 127 if there is none that can be run
 */
export async function run(context: Context): Promise<number> {
  const { run: options } = context.commandLine;
  if (options.with.length + options.withConfext.length === 0 && !options.writable)
    throw new GivenError({ kind: 'nothing' });
  if (options.keep !== null && !options.writable) throw new GivenError({ kind: 'keep-without-writable' });
  const others = options.withConfext.length > 0 ? CONFEXT.hierarchies : [];
  const places = [...context.hierarchies, ...others].map((hierarchy) => join(context.root, hierarchy));
  if (options.keep !== null) checkKeep(options.keep, places);
  const inside = entered(process.env);
  const supervisor = superviseSignals();
  if (inside === null) return enterAgain(supervisor, process.env);
  try {
    return await runHere(context, inside, supervisor);
  } finally {
    await endPrograms();
  }
}

async function runHere(context: Context, inside: Entered, supervisor: Supervisor): Promise<number> {
  const { root, commandLine } = context;
  const { operands } = commandLine;
  const directory = directoryBelow(root, process.cwd());
  const written = await mergeGiven(context);
  furnishRoot(root);
  const program = findProgram(root, directory, operands[0] ?? '', process.env['PATH']);
  if (program.kind !== 'found') {
    const problem = { ...program, command: operands[0] ?? '', root };
    context.log.err(describeGiven(problem));
    return program.kind === 'not-found' ? NOT_FOUND : NOT_EXECUTABLE;
  }
  const signal = await supervisor.pending();
  if (signal !== null) return statusOf(signal);
  const status = await supervisor.run(startOf(operands, root, directory, inside, process.env));
  if (commandLine.run.keep !== null) keep(context, commandLine.run.keep, written);
  letGo(written);
  return status;
}

function keep({ root, env, log }: Context, path: string, written: readonly Written[]): void {
  const host = readHostRelease(root, env).fields;
  const kept = keepChanges(path, written, (extensionClass) => releaseText(hostFields(host, extensionClass)));
  log.info(describeKept(path, kept));
  const lost = describeLost(path, kept);
  if (lost !== null) log.warning(lost);
}
