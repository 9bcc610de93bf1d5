import { statSync } from 'node:fs';
import { nativeArchitecture } from '../host/architecture.js';
import { identityOf } from '../host/device.js';
import { insideRoot, resolveNewBelow } from '../host/root.js';
import { discoverImages } from '../images/discover.js';
import { executePlan, UndoFailedError } from '../mount/execute.js';
import { identifyImages, type OpenImage, openImages } from '../mount/open-extensions.js';
import { closeWorkspace, openWorkspace, type Workspace } from '../mount/workspace.js';
import { HierarchyError } from '../overlay/hierarchy-error.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { formatOrigin } from '../overlay/origin.js';
import { planDetach, planMerge, type Target } from '../overlay/plan.js';
import { buildStack } from '../overlay/stack.js';
import { readHostRelease } from '../release/host-release.js';
import { describePassedOver } from '../report/passed-over.js';
import { quoted, quotedList } from '../report/printable.js';
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
  const { root, log, commandLine } = context;
  const { extensionClass } = commandLine;
  const host = readHostRelease(root, context.env);
  const { images, passedOver } = discoverImages({ root, extensionClass, architecture: nativeArchitecture() });
  for (const found of passedOver) {
    const { level, message } = describePassedOver(found);
    log[level](message);
  }
  if (images.length === 0) {
    log.info('No extensions found.');
    takeOff(context, hierarchies, session.lock);
    return 0;
  }

  const fileSystems = identifyImages(images);
  const workspace = openWorkspace(session.directory, session.lock);
  let keep = false;
  try {
    const opened = openImages(images, fileSystems, imageFlags(context), workspace);
    const accepted = judgeImages(context, host, opened);
    if (accepted.length > 0) return mergeAccepted(context, workspace, hierarchies, accepted);
    const ignored = images.length - accepted.length;
    log.info(`No suitable extensions found (${ignored} ignored due to incompatible image(s)).`);
    takeOff(context, hierarchies, session.lock);
    return 0;
  } catch (error) {
    keep = error instanceof UndoFailedError;
    throw error;
  } finally {
    if (!keep) closeWorkspace(workspace);
  }
}

function mergeAccepted(
  context: Context,
  workspace: Workspace,
  hierarchies: readonly Hierarchy[],
  accepted: readonly OpenImage[],
): number {
  const { log, commandLine } = context;
  const { extensionClass } = commandLine;
  const merged = hierarchies.filter(({ merge }) => merge !== null);
  const targets = chooseTargets(context, hierarchies, accepted);
  const mountOptions = context.env[extensionClass.mountOptionsVariable] || null;
  const sources = accepted.map(({ name, image }) => {
    return { name, path: insideRoot(context.root, image.path), identity: identityOf(image.path) };
  });
  const origin = formatOrigin(sources, mountOptions);
  if (merged.length > 0 && !commandLine.alwaysRefresh && isUnchanged(merged, targets, origin)) {
    log.info(
      'Skipping extension refresh because no change was found, use --always-refresh=yes to always do a refresh.',
    );
    return 0;
  }

  log.info(`Using extensions ${quotedList(accepted.map(({ image }) => image.label))}.`);
  const steps = [
    ...planDetach(merged, workspace),
    ...planMerge(targets, {
      extensionClass,
      flags: overlayFlags(context),
      mountOptions,
      names: accepted.map(({ name }) => name),
      origin,
      places: workspace,
    }),
  ];
  executePlan(steps, workspace, extensionClass);
  for (const { path } of merged) log.info(`Unmerged ${quoted(path)}.`);
  for (const { path } of targets) log.info(`Merged extensions into ${quoted(path)}.`);
  return 0;
}

/** The hierarchies that at least one extension has something for. */
function chooseTargets(
  context: Context,
  hierarchies: readonly Hierarchy[],
  accepted: readonly OpenImage[],
): Target[] {
  return context.hierarchies.flatMap((hierarchy) => {
    const stack = buildStack(hierarchy, accepted);
    if (stack.extensions.length === 0) return [];
    const found = hierarchies.find(({ name }) => name === hierarchy);
    const path = found?.path ?? resolveNewBelow(context.root, hierarchy);
    if (found !== undefined && !statSync(path).isDirectory())
      throw new HierarchyError('no-directory', hierarchy, path);
    const inside = stack.extensions.find((layer) => layer.path.startsWith(`${path}/`));
    if (inside !== undefined) throw new HierarchyError('contains-extension', hierarchy, inside.path);
    return [{ hierarchy, path, exists: found !== undefined, extensions: stack.extensions }];
  });
}

function isUnchanged(merged: readonly Hierarchy[], targets: readonly Target[], origin: string): boolean {
  const same = merged.filter(({ merge, name }) => {
    return merge?.origin === origin && targets.some(({ hierarchy }) => hierarchy === name);
  });
  return same.length === merged.length && same.length === targets.length;
}

function overlayFlags({ commandLine }: Context): string[] {
  return ['ro', ...imageFlagsOf(commandLine.extensionClass.mountFlags, commandLine.noexec)];
}

function imageFlags({ commandLine }: Context): string[] {
  return imageFlagsOf(commandLine.extensionClass.mountFlags, commandLine.noexec);
}

function imageFlagsOf(flags: readonly string[], noexec: boolean | null): string[] {
  if (noexec === null) return [...flags];
  const others = flags.filter((flag) => flag !== 'noexec');
  return noexec ? [...others, 'noexec'] : others;
}
