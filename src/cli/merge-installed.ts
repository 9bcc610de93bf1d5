import { nativeArchitecture } from '../host/architecture.js';
import { identityOf } from '../host/device.js';
import { insideRoot } from '../host/root.js';
import { discoverImages } from '../images/discover.js';
import { identifyImages, type OpenImage, openImages } from '../mount/open-extensions.js';
import type { Workspace } from '../mount/workspace.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { formatOrigin } from '../overlay/origin.js';
import type { Target } from '../overlay/plan.js';
import { readHostRelease } from '../release/host-release.js';
import { describePassedOver } from '../report/passed-over.js';
import { quotedList } from '../report/printable.js';
import { carryOut, inWorkspace } from './carry-out.js';
import { chooseTargets, mountFlags } from './choose-targets.js';
import type { Context } from './context.js';
import { judgeImages } from './judge-images.js';
import type { Session } from './session.js';
import { takeOff } from './take-off.js';

/**
 * Merges what is installed, in place of what is merged now: read, decide, act, report.
 *
 * @param hierarchies those that exist; each may be merged already
 * @returns exit status
 * @throws errors of every stage, all known to report/errors.ts; what was mounted before is then mounted again
 */
export function mergeInstalled(
  context: Context,
  session: Session,
  hierarchies: readonly Hierarchy[],
): number {
  const { root, log, mutable } = context;
  const { extensionClass } = context.commandLine;
  const host = readHostRelease(root, context.env);
  const { images, passedOver } = discoverImages({ root, extensionClass, architecture: nativeArchitecture() });
  for (const found of passedOver) {
    const { level, message } = describePassedOver(found);
    log[level](message);
  }
  const proceed = mutable === 'no' ? '.' : ', proceeding in mutable mode.';
  if (images.length === 0) log.info(`No extensions found${proceed}`);
  if (images.length === 0 && mutable === 'no') return takeOff(context, session, hierarchies);

  const fileSystems = identifyImages(images);
  return inWorkspace(session, (workspace) => {
    const opened = openImages(images, fileSystems, mountFlags(context), workspace);
    const accepted = judgeImages(context, host, opened);
    const ignored = images.length - accepted.length;
    if (accepted.length > 0 || mutable !== 'no') {
      if (ignored > 0 && accepted.length === 0) {
        log.info(`No suitable extensions found (${ignored} ignored due to incompatible image(s))${proceed}`);
      }
      return mergeAccepted(context, workspace, hierarchies, accepted);
    }
    log.info(`No suitable extensions found (${ignored} ignored due to incompatible image(s)).`);
    return carryOut(context, workspace, hierarchies, [], []);
  });
}

function mergeAccepted(
  context: Context,
  workspace: Workspace,
  hierarchies: readonly Hierarchy[],
  accepted: readonly OpenImage[],
): number {
  const { log, commandLine } = context;
  const merged = hierarchies.filter(({ merge }) => merge !== null);
  const targets = chooseTargets(context, workspace, hierarchies, accepted);
  const origin = describeOrigin(context, targets, accepted);
  if (merged.length > 0 && !commandLine.alwaysRefresh && isUnchanged(merged, targets, origin)) {
    log.info(
      'Skipping extension refresh because no change was found, use --always-refresh=yes to always do a refresh.',
    );
    return 0;
  }
  if (accepted.length > 0)
    log.info(`Using extensions ${quotedList(accepted.map(({ image }) => image.label))}.`);
  return carryOut(context, workspace, hierarchies, targets, accepted, origin);
}

function describeOrigin(
  { root, mutable, mountOptions }: Context,
  targets: readonly Target[],
  accepted: readonly OpenImage[],
): string {
  const sources = accepted.map(({ name, image }) => {
    return { name, path: insideRoot(root, image.path), identity: identityOf(image.path) };
  });
  const directories = targets.flatMap(({ hierarchy, writing }) =>
    writing.recorded === null ? [] : [[hierarchy, writing.recorded] as const],
  );
  return formatOrigin({ mode: mutable, directories: new Map(directories) }, sources, mountOptions);
}

function isUnchanged(merged: readonly Hierarchy[], targets: readonly Target[], origin: string): boolean {
  const same = merged.filter(({ merge, name }) => {
    return merge?.origin === origin && targets.some(({ hierarchy }) => hierarchy === name);
  });
  return same.length === merged.length && same.length === targets.length;
}
