import { CONFEXT, type ExtensionClass } from '../../extension-class.js';
import { readMountTable } from '../../host/mount-table.js';
import { isInFirstUserNamespace } from '../../host/privileges.js';
import type { Image } from '../../images/image.js';
import { compareNames } from '../../images/version-order.js';
import { executePlan } from '../../mount/execute.js';
import { openLookingPlace } from '../../mount/looking-place.js';
import { commands, mount } from '../../mount/mount-command.js';
import { mountOrProvide, provideImages } from '../../mount/unmounted/provide.js';
import type { Workspace } from '../../mount/workspace.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import { readHostRelease } from '../../release/host-release.js';
import { describeError } from '../../report/errors.js';
import { quoted } from '../../report/printable.js';
import { GivenError } from '../../run/problem.js';
import { holdWritten, prepareDirectories, type Written } from '../../run/write-directories.js';
import { type Context, chooseHierarchies, readHierarchies } from '../context.js';
import { decide } from '../decide.js';
import { findImage } from '../inspect/find-image.js';
import { type MergeContext, withMergeSettings } from '../merge-settings.js';

/** What of a class shall be merged. */
interface Given {
  readonly context: Context;
  readonly words: readonly string[];
}

/**
 * Merges the images that were named, over what is merged on the machine, in this mount namespace, which is one of its own.
 *
 * @returns where what is written to the hierarchies goes; nowhere unless `--writable`
 * @throws GivenError, the errors of a merge
 */
export async function mergeGiven(context: Context): Promise<Written[]> {
  const { with: own, withConfext, writable } = context.commandLine.run;
  const given = [
    // Without an image it is the host's own files that the command may change.
    { context, words: own, isWanted: own.length > 0 || (writable && withConfext.length === 0) },
    { context: ofClass(context, CONFEXT), words: withConfext, isWanted: withConfext.length > 0 },
  ];
  const written: Written[] = [];
  for (const each of given) if (each.isWanted) written.push(...(await mergeOfClass(each)));
  return written;
}

function ofClass(context: Context, extensionClass: ExtensionClass): Context {
  const commandLine = { ...context.commandLine, extensionClass };
  return { ...context, commandLine, hierarchies: chooseHierarchies(commandLine, context.env) };
}

async function mergeOfClass({ context: plain, words }: Given): Promise<Written[]> {
  const context = forCommand(withMergeSettings(plain));
  const images = findGiven(context, words);
  const hierarchies = readHierarchies(context).map((hierarchy) => asHost(context, hierarchy, images));
  const { workspace, close } = openLookingPlace();
  try {
    return await merge(context, workspace, hierarchies, images);
  } finally {
    // What is merged lives on without it.
    close();
  }
}

async function merge(
  context: MergeContext,
  workspace: Workspace,
  hierarchies: readonly Hierarchy[],
  images: readonly Image[],
): Promise<Written[]> {
  const host = readHostRelease(context.root, context.env);
  const provide = isInFirstUserNamespace() ? mountOrProvide : provideImages;
  const installed = { host, images, passedOver: [], choice: null, conditions: [] };
  const decision = await decide(context, workspace, hierarchies, installed, provide);
  const misfit = decision.judged.find(({ judgement }) => judgement.verdict.kind !== 'accepted');
  if (misfit !== undefined) throw new GivenError({ kind: 'misfit', name: misfit.opened.name });
  if (decision.kind === 'take-off') return [];
  const writable = decision.targets.filter(({ writing }) => writing.upper !== null);
  const prepared = writable.map((target) => (isInFirstUserNamespace() ? [] : prepareDirectories(target)));
  const { extensionClass } = context.commandLine;
  for (const failure of executePlan(decision.plan, workspace, extensionClass))
    for (const line of describeError(failure) ?? [String(failure)]) context.log.warning(line);
  return writable.map((target, index) => holdWritten(target, extensionClass, prepared[index]!));
}

/**
 * What is written goes to memory. A directory that is renamed is copied, so that what is kept is complete in itself; in a user
 * namespace the marks of overlayfs are attributes that its user may set.
 */
function forCommand(context: MergeContext): MergeContext {
  if (!context.commandLine.run.writable) return { ...context, mutable: 'no' };
  const marks = isInFirstUserNamespace() ? 'redirect_dir=off' : 'userxattr';
  return {
    ...context,
    mutable: 'ephemeral',
    mountOptions: context.mountOptions ?? `noatime,${marks},metacopy=off,index=off`,
  };
}

/** @throws GivenError, NoSuchImageError, the errors of discoverImages() */
function findGiven(context: Context, words: readonly string[]): Image[] {
  const images = words.map((word) => findImage(context, word));
  images.forEach((image, index) => {
    const twin = images.slice(0, index).find(({ name }) => name === image.name);
    if (twin !== undefined)
      throw new GivenError({ kind: 'same-name', name: image.name, paths: [twin.path, image.path] });
  });
  return images.sort((a, b) => compareNames(a.name, b.name));
}

/** What is merged on the machine stays, and counts as the host's own directory. */
function asHost({ commandLine, log }: Context, hierarchy: Hierarchy, images: readonly Image[]): Hierarchy {
  const { name, path, merge } = hierarchy;
  if (merge === null) return hierarchy;
  for (const image of images)
    if (merge.names.includes(image.name))
      log.notice(
        `${quoted(image.name)} is merged into ${quoted(name)} already: what only that one has is seen as well.`,
      );
  // The copy of its records that is mounted over them would be carried over ours.
  const records = `${path}/${commandLine.extensionClass.metadataDirectory}`;
  if (readMountTable().some((entry) => entry.path === records))
    mount(`unmount '${records}'`, commands.detach(records));
  return { name, path, merge: null };
}
