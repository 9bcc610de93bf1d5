import { executePlan, UndoFailedError } from '../mount/execute.js';
import { closeWorkspace, openWorkspace, type Workspace } from '../mount/workspace.js';
import { type Detached, planUnmerge, type Target } from '../overlay/plan.js';
import type { Plan } from '../overlay/step.js';
import type { Log } from '../report/log.js';
import { describeNewMode } from '../report/new-mode.js';
import { quoted } from '../report/printable.js';
import type { Context } from './context.js';
import type { Session } from './session.js';

/** The workspace goes when all is done, unless it holds what the next call needs to repair what went wrong. */
export async function inWorkspace<Result>(
  { log }: Context,
  session: Session,
  action: (workspace: Workspace) => Result | Promise<Result>,
): Promise<Result> {
  const workspace = openWorkspace(session.directory, session.lock);
  let keep = false;
  try {
    return await action(workspace);
  } catch (error) {
    keep = error instanceof UndoFailedError;
    throw error;
  } finally {
    if (!keep) await tryToClose(workspace, log);
  }
}

/** What was asked for is done, or has failed, and that is what counts; the next call takes the workspace away. */
async function tryToClose(workspace: Workspace, log: Log): Promise<void> {
  try {
    closeWorkspace(workspace);
  } catch (error) {
    await warn(log, error);
  }
}

/** Sentences for what goes wrong are loaded when something does. */
export async function warn(log: Log, failure: unknown): Promise<void> {
  const { describeError } = await import('../report/errors.js');
  for (const line of describeError(failure) ?? [String(failure)]) log.warning(line);
}

/** Acts, and tells what was done after it was seen to be so. */
export async function carryOut(
  { log, commandLine }: Context,
  { services }: Session,
  workspace: Workspace,
  plan: Plan,
  detached: readonly Detached[],
  targets: readonly Target[],
): Promise<void> {
  services.beforeChange(detached.map(({ hierarchy }) => hierarchy));
  const failures = executePlan(plan, workspace, commandLine.extensionClass);
  for (const failure of failures) await warn(log, failure);
  for (const { hierarchy } of detached) log.info(`Unmerged ${quoted(hierarchy.path)}.`);
  for (const { writing, hierarchy } of targets) {
    const changed = describeNewMode(writing, hierarchy);
    if (changed !== null) log.notice(changed);
  }
  for (const { path } of targets) log.info(`Merged extensions into ${quoted(path)}.`);
  services.afterChange();
}

/** Takes what is merged off, with everything that is mounted below it put back in place. */
export async function carryOutUnmerge(
  context: Context,
  session: Session,
  workspace: Workspace,
  detached: readonly Detached[],
): Promise<void> {
  await carryOut(context, session, workspace, planUnmerge(detached, workspace), detached, []);
}
