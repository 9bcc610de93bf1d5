import { discoverImages } from '../images/discover.js';
import { compareNames } from '../images/version-order.js';
import { type OpenImage, openImages } from '../mount/open-extensions.js';
import type { Workspace } from '../mount/workspace.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { formatOrigin } from '../overlay/origin.js';
import { makePlan } from '../overlay/plan.js';
import { readHostRelease } from '../release/host-release.js';
import { describePassedOver } from '../report/passed-over.js';
import { quotedList } from '../report/printable.js';
import { carryOut, carryOutUnmerge, findDetached, inWorkspace } from './carry-out.js';
import { chooseTargets, mountFlags } from './choose-targets.js';
import { searchFor } from './context.js';
import { judgeImages } from './judge-images.js';
import type { MergeContext } from './merge-settings.js';
import { examine, openSettings, reportChecks } from './protect-images.js';
import type { Session } from './session.js';
import { takeOff } from './take-off.js';
import { isUnchanged, recordOrigin } from './what-changed.js';

/**
 * Merges what is installed, in place of what is merged now: read, decide, act, report.
 *
 * @param hierarchies those that exist; each may be merged already
 * @throws errors of every stage, all known to report/errors.ts; what was mounted before is then mounted again
 */
export function mergeInstalled(
  context: MergeContext,
  session: Session,
  hierarchies: readonly Hierarchy[],
): void {
  const { root, log, mutable } = context;
  const host = readHostRelease(root, context.env);
  const { images, passedOver } = discoverImages(searchFor(context));
  for (const found of passedOver) {
    const { level, message } = describePassedOver(found);
    log[level](message);
  }
  const isMutable = mutable !== 'no';
  const ending = isMutable ? ', proceeding in mutable mode.' : '.';
  if (images.length === 0) log.info(`No extensions found${ending}`);
  if (images.length === 0 && !isMutable) return takeOff(context, session, hierarchies);

  const usable = examine(context, images);
  inWorkspace(context, session, (workspace) => {
    const opened = openImages(images, usable, mountFlags(context), openSettings(context), workspace);
    reportChecks(context, opened);
    const accepted = judgeImages(context, host, opened);
    if (accepted.length === 0 && images.length > 0) {
      log.info(
        `No suitable extensions found (${images.length} ignored due to incompatible image(s))${ending}`,
      );
    }
    if (accepted.length > 0 || isMutable) mergeAccepted(context, session, workspace, hierarchies, accepted);
    else carryOutUnmerge(context, session, workspace, findDetached(context, hierarchies));
  });
}

function mergeAccepted(
  context: MergeContext,
  session: Session,
  workspace: Workspace,
  hierarchies: readonly Hierarchy[],
  accepted: readonly OpenImage[],
): void {
  const { root, log, commandLine, mountOptions } = context;
  const { extensionClass, alwaysRefresh } = commandLine;
  const targets = chooseTargets(context, workspace, hierarchies, accepted);
  const detached = findDetached(context, hierarchies);
  const origin = recordOrigin(context, targets, accepted);
  if (detached.length > 0 && !alwaysRefresh && isUnchanged(context, detached, targets, origin)) {
    log.info(
      'Skipping extension refresh because no change was found, use --always-refresh=yes to always do a refresh.',
    );
    return;
  }
  if (accepted.length > 0)
    log.info(`Using extensions ${quotedList(accepted.map(({ image }) => image.label).sort(compareNames))}.`);
  const plan = makePlan(detached, targets, {
    root,
    extensionClass,
    flags: mountFlags(context),
    mountOptions,
    names: accepted.map(({ name }) => name),
    origin: formatOrigin(origin),
    places: workspace,
  });
  carryOut(context, session, workspace, plan, detached, targets);
}
