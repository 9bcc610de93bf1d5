import { compareNames } from '../images/version-order.js';
import type { Workspace } from '../mount/workspace.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { quotedList } from '../report/printable.js';
import { carryOut, inWorkspace } from './carry-out.js';
import { type Decision, decide, endingOf, isNothingToMerge } from './decide.js';
import { type MergeOutcome, mergeStatus } from './exit-status.js';
import { findInstalled, type Installed } from './find-installed.js';
import type { MergeContext } from './merge-settings.js';
import type { Session } from './session.js';
import { takeOff } from './take-off.js';
import { reportReasons } from './what-changed.js';

/**
 * Merges what is installed and was chosen, in place of what is merged now: read, decide, act, report.
 *
 * @param hierarchies those that exist; each may be merged already
 * @returns exit status
 * @throws errors of every stage, all known to report/errors.ts; what was mounted before is then mounted again
 */
export async function mergeInstalled(
  context: MergeContext,
  session: Session,
  hierarchies: readonly Hierarchy[],
): Promise<number> {
  const { merging } = context.commandLine;
  const installed = await findInstalled(context, hierarchies);
  if (!merging.keepGoing)
    return mergeStatus(await attempt(context, session, hierarchies, installed), merging);
  const { withoutBroken } = await import('./keep-going.js');
  const { result, skipped } = await withoutBroken(context, installed, (patient, rest) =>
    attempt(patient, session, hierarchies, rest),
  );
  return mergeStatus({ ...result, skipped: skipped.length }, merging);
}

async function attempt(
  context: MergeContext,
  session: Session,
  hierarchies: readonly Hierarchy[],
  installed: Installed,
): Promise<MergeOutcome> {
  if (installed.images.length === 0) context.log.info(`No extensions found${endingOf(context)}`);
  if (isNothingToMerge(installed, context)) {
    await takeOff(context, session, hierarchies);
    return { merged: 0, ignored: 0, skipped: 0, isUnchanged: false };
  }
  return inWorkspace(context, session, async (workspace) => {
    const decision = await decide(context, workspace, hierarchies, installed);
    reportDecision(context, decision);
    await act(context, session, workspace, decision);
    const merged = decision.kind === 'take-off' ? 0 : decision.accepted.length;
    const isUnchanged = decision.kind === 'unchanged';
    return { merged, ignored: decision.judged.length - merged, skipped: 0, isUnchanged };
  });
}

async function act(
  context: MergeContext,
  session: Session,
  workspace: Workspace,
  decision: Decision,
): Promise<void> {
  if (decision.kind === 'unchanged') return;
  const targets = decision.kind === 'merge' ? decision.targets : [];
  await carryOut(context, session, workspace, decision.plan, decision.detached, targets);
}

function reportDecision({ log }: MergeContext, decision: Decision): void {
  if (decision.kind === 'take-off') return;
  if (decision.detached.length > 0) reportReasons(log, decision.reasons);
  if (decision.kind === 'unchanged')
    log.info(
      'Skipping extension refresh because no change was found, use --always-refresh=yes to always do a refresh.',
    );
  else if (decision.accepted.length > 0)
    log.info(
      `Using extensions ${quotedList(decision.accepted.map(({ image }) => image.label).sort(compareNames))}.`,
    );
}
