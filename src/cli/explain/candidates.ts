import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LeftOut } from '../../choice/apply.js';
import { mayMount } from '../../host/privileges.js';
import { type Image, isFile, type PassedOver } from '../../images/image.js';
import { compareNames } from '../../images/version-order.js';
import { examineImages, UnusableImagesError } from '../../mount/examine-images.js';
import { ImageMountError } from '../../mount/images.js';
import type { OpenImage } from '../../mount/open-extensions.js';
import { hasEntries } from '../../overlay/stack.js';
import { judgeImage } from '../../release/matching.js';
import type { Candidate, ExplainedHost, Findings } from '../../report/explanation/candidate.js';
import type { ChoiceInForce, Chosen } from '../chosen.js';
import { type Context, isPermissionError } from '../context.js';
import { findImage } from '../inspect/find-image.js';
import { ownRoot, withMountedImage } from '../inspect/mounted-image.js';
import type { MergeContext } from '../merge-settings.js';
import { policyOf } from '../protect-images.js';

/** Something that was found, and whether a merge finds it too. */
export interface Found {
  readonly found: Image | PassedOver;
  readonly isInstalled: boolean;
  /** Why it is left out; `null` if it is not. */
  readonly why: LeftOut | null;
}

/** All that is in the search path, or what was named. @throws NoSuchImageError */
export function findCandidates(context: Context, chosen: Chosen): Found[] {
  const { operands } = context.commandLine;
  const installed = findInstalledCandidates(chosen);
  if (operands.length === 0) return installed;
  const named = operands.flatMap((word) => {
    const fitting = installed.filter(({ found }) => isCalled(found, word));
    if (fitting.length > 0) return fitting;
    const image = findImage(context, word);
    const same = installed.find(({ found }) => 'path' in found && found.path === image.path);
    return [same ?? { found: image, isInstalled: false, why: null }];
  });
  return [...new Set(named)];
}

/** All that is in the search path, chosen or not. */
export function findInstalledCandidates({
  images,
  passedOver,
  leftOut,
}: Pick<Chosen, 'images' | 'passedOver' | 'leftOut'>): Found[] {
  const here = (found: Image | PassedOver, why: LeftOut | null) => ({ found, isInstalled: true, why });
  const all = [...images.map((image) => ({ image, why: null })), ...leftOut];
  all.sort((a, b) => compareNames(a.image.name, b.image.name));
  return [...all.map(({ image, why }) => here(image, why)), ...passedOver.map((one) => here(one, null))];
}

/** By the name of the extension, by its file name, or by the path of its entry. */
function isCalled(found: Image | PassedOver, word: string): boolean {
  if (word.includes('/')) return found.entry === placeOf(word);
  return ('name' in found && found.name === word) || basename(found.entry) === word;
}

/** The path without symlinks but for the last part, as those of entries are; what it leads to need not exist. */
function placeOf(path: string): string | null {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return null;
  }
}

/** Looks into a candidate. What is wrong with it is a part of the answer. */
export function explainCandidate(
  context: MergeContext,
  hosts: readonly ExplainedHost[],
  { choice, isRecorded }: ChoiceInForce,
  { found, isInstalled, why }: Found,
): Candidate {
  if (!('path' in found)) return { kind: 'passed-over', passedOver: found };
  if (why !== null && choice !== null) return { kind: 'not-chosen', image: found, why, isRecorded, choice };
  return { kind: 'image', image: found, isInstalled, findings: lookInto(context, hosts, found) };
}

function lookInto(context: MergeContext, hosts: readonly ExplainedHost[], image: Image): Findings {
  const own = ownRoot(context.root, image);
  const policy = policyOf({ ...context, root: own }, image);
  try {
    if (!isFile(image)) return judgeAt(context, hosts, image, { root: image.path, checks: [] });
    if (!mayMount()) {
      examineImages([image], own, () => policy);
      return { kind: 'untold', reason: 'not-privileged' };
    }
    return withMountedImage(context, image, own, policy, (opened) => judgeAt(context, hosts, image, opened));
  } catch (error) {
    if (error instanceof UnusableImagesError) return { kind: 'unusable', problem: error.images[0]!.problem };
    if (error instanceof ImageMountError) return { kind: 'untold', reason: 'not-mounted', cause: error };
    if (isPermissionError(error)) return { kind: 'untold', reason: 'permission' };
    throw error;
  }
}

function judgeAt(
  { commandLine: { extensionClass, force } }: MergeContext,
  hosts: readonly ExplainedHost[],
  { name }: Image,
  { root, checks }: Pick<OpenImage, 'root' | 'checks'>,
): Findings {
  const judgements = hosts.map(({ release }) => judgeImage(root, name, release, extensionClass, force));
  const isForbidden = judgements.some(
    ({ release }) => release.kind === 'unreadable' && isPermissionError(release.cause),
  );
  if (isForbidden) return { kind: 'untold', reason: 'permission' };
  return { kind: 'judged', isMask: !hasEntries(root), protection: checks, judgements };
}
