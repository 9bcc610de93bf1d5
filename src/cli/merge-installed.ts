import { compareNames } from '../images/version-order.js';
import type { Workspace } from '../mount/workspace.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { quotedList } from '../report/printable.js';
import { carryOut, inWorkspace } from './carry-out.js';
import { type Decision, decide, endingOf, isNothingToMerge } from './decide.js';
import { findInstalled } from './find-installed.js';
import type { MergeContext } from './merge-settings.js';
import type { Session } from './session.js';
import { takeOff } from './take-off.js';
import { reportReasons } from './what-changed.js';

/**
 * Merges what is installed, in place of what is merged now: read, decide, act, report.
 *
 * @param hierarchies those that exist; each may be merged already
 * @throws errors of every stage, all known to report/errors.ts; what was mounted before is then mounted again
 */
export async function mergeInstalled(
  context: MergeContext,
  session: Session,
  hierarchies: readonly Hierarchy[],
): Promise<void> {
  const installed = findInstalled(context);
  if (installed.images.length === 0) context.log.info(`No extensions found${endingOf(context)}`);
  if (isNothingToMerge(installed, context)) return takeOff(context, session, hierarchies);
  await inWorkspace(context, session, async (workspace) => {
    const decision = await decide(context, workspace, hierarchies, installed);
    reportDecision(context, decision);
    await act(context, session, workspace, decision);
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
