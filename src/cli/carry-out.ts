import { executePlan, UndoFailedError } from '../mount/execute.js';
import { closeWorkspace, openWorkspace, type Workspace } from '../mount/workspace.js';
import { type Detached, planUnmerge, type Target } from '../overlay/plan.js';
import type { Plan } from '../overlay/step.js';
import { describeError, describeNewMode } from '../report/errors.js';
import type { Log } from '../report/log.js';
import { quoted } from '../report/printable.js';
import type { Context } from './context.js';
import type { Session } from './session.js';

/** The workspace goes when all is done, unless it holds what the next call needs to repair what went wrong. */
export function inWorkspace<Result>(
  { log }: Context,
  session: Session,
  action: (workspace: Workspace) => Result,
): Result {
  const workspace = openWorkspace(session.directory, session.lock);
  let keep = false;
  try {
    return action(workspace);
  } catch (error) {
    keep = error instanceof UndoFailedError;
    throw error;
  } finally {
    if (!keep) tryToClose(workspace, log);
  }
}

/** What was asked for is done, or has failed, and that is what counts; the next call takes the workspace away. */
function tryToClose(workspace: Workspace, log: Log): void {
  try {
    closeWorkspace(workspace);
  } catch (error) {
    for (const line of describeError(error) ?? [String(error)]) log.warning(line);
  }
}

/** Acts, and tells what was done after it was seen to be so. */
export function carryOut(
  { log, commandLine }: Context,
  { services }: Session,
  workspace: Workspace,
  plan: Plan,
  detached: readonly Detached[],
  targets: readonly Target[],
): void {
  services.beforeChange(detached.map(({ hierarchy }) => hierarchy));
  for (const failure of executePlan(plan, workspace, commandLine.extensionClass)) {
    for (const line of describeError(failure) ?? [String(failure)]) log.warning(line);
  }
  for (const { hierarchy } of detached) log.info(`Unmerged ${quoted(hierarchy.path)}.`);
  for (const { writing, hierarchy } of targets) {
    const changed = describeNewMode(writing, hierarchy);
    if (changed !== null) log.notice(changed);
  }
  for (const { path } of targets) log.info(`Merged extensions into ${quoted(path)}.`);
  services.afterChange();
}

/** Takes what is merged off, with everything that is mounted below it put back in place. */
export function carryOutUnmerge(
  context: Context,
  session: Session,
  workspace: Workspace,
  detached: readonly Detached[],
): void {
  carryOut(context, session, workspace, planUnmerge(detached, workspace), detached, []);
}
