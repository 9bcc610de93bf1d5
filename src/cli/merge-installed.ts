import { nativeArchitecture } from '../host/architecture.js';
import { identityOf } from '../host/device.js';
import { insideRoot } from '../host/root.js';
import { discoverImages } from '../images/discover.js';
import { identifyImages, type OpenImage, openImages } from '../mount/open-extensions.js';
import type { Workspace } from '../mount/workspace.js';
import { compareOrigins } from '../overlay/compare-origin.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { formatOrigin, type Origin, parseOrigin, recordSource } from '../overlay/origin.js';
import type { Target } from '../overlay/plan.js';
import { readHostRelease } from '../release/host-release.js';
import { describeOriginChange } from '../report/origin-changes.js';
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
  const origin = recordOrigin(context, targets, accepted);
  if (merged.length > 0 && !commandLine.alwaysRefresh && isUnchanged(context, merged, targets, origin)) {
    log.info(
      'Skipping extension refresh because no change was found, use --always-refresh=yes to always do a refresh.',
    );
    return 0;
  }
  if (accepted.length > 0)
    log.info(`Using extensions ${quotedList(accepted.map(({ image }) => image.label))}.`);
  return carryOut(context, workspace, hierarchies, targets, accepted, formatOrigin(origin));
}

function recordOrigin(context: Context, targets: readonly Target[], accepted: readonly OpenImage[]): Origin {
  const { root, mutable, mountOptions } = context;
  const directories = targets.flatMap(({ hierarchy, writing }) => {
    return writing.recorded === null ? [] : [[hierarchy, writing.recorded] as const];
  });
  const extensions = accepted.map(({ name, image: { path, kind } }) => {
    const isDirectory = kind === 'directory' || kind === 'subvolume';
    return [name, recordSource(insideRoot(root, path), identityOf(path), isDirectory)] as const;
  });
  return { mode: mutable, directories: new Map(directories), mountOptions, extensions: new Map(extensions) };
}

/** Whether a refresh would lead to what is there already; why not is told at the level `debug`. */
function isUnchanged(
  { log }: Context,
  merged: readonly Hierarchy[],
  targets: readonly Target[],
  origin: Origin,
): boolean {
  const isTarget = ({ name }: Hierarchy) => targets.some(({ hierarchy }) => hierarchy === name);
  if (merged.length !== targets.length || !merged.every(isTarget)) {
    log.debug('Other hierarchies are merged than would be now.');
    return false;
  }
  const changes = merged.flatMap(({ merge }) => compareOrigins(parseOrigin(merge?.origin ?? ''), origin));
  // All hierarchies of one merge have the same record.
  for (const message of new Set(changes.map(describeOriginChange))) log.debug(message, { changes });
  return changes.length === 0;
}
