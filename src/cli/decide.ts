import { type Image, isFile } from '../images/image.js';
import { canPutBeneath } from '../mount/beneath.js';
import { openDirectory } from '../mount/open-directory.js';
import type { OpenImage, ProvideFiles } from '../mount/open-extensions.js';
import type { Workspace } from '../mount/workspace.js';
import type { RefreshReason } from '../overlay/compare-origin.js';
import { chooseExchange } from '../overlay/exchange.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { formatOrigin, type Origin } from '../overlay/origin.js';
import { type Detached, makePlan, planUnmerge, type Target } from '../overlay/plan.js';
import type { Plan } from '../overlay/step.js';
import { chooseTargets, mountFlags } from './choose-targets.js';
import { findDetached } from './find-detached.js';
import type { Installed } from './find-installed.js';
import { acceptedOf, type JudgedImage, judgeImages } from './judge-images.js';
import type { MergeContext } from './merge-settings.js';
import { compareWithMerged, recordOrigin } from './what-changed.js';

/** What is to be done about what is installed; a merge does it, and a dry run tells it. */
export type Decision =
  | {
      /** Nothing can be merged, and nothing is to be made writable: what is merged comes off. */
      readonly kind: 'take-off';
      readonly judged: readonly JudgedImage[];
      readonly detached: readonly Detached[];
      readonly plan: Plan;
    }
  | {
      /** `unchanged`: it is merged already, and the plan would be for nothing. */
      readonly kind: 'merge' | 'unchanged';
      readonly judged: readonly JudgedImage[];
      readonly accepted: readonly OpenImage[];
      readonly detached: readonly Detached[];
      readonly targets: readonly Target[];
      readonly origin: Origin;
      /** In what the outcome differs from what is merged now; empty where nothing is. */
      readonly reasons: readonly RefreshReason[];
      readonly plan: Plan;
    };

/**
 * Whether there is nothing to look at: then what is merged comes off, for which no workspace may be needed.
 *
 * @throws what conditions say no with
 */
export function isNothingToMerge({ images, conditions }: Installed, { mutable }: MergeContext): boolean {
  if (images.length > 0 || mutable !== 'no') return false;
  for (const condition of conditions) condition.check([]);
  return true;
}

/**
 * Looks into what is installed, and decides. Mounts nothing but images, in the workspace.
 *
 * @param hierarchies those that exist; each may be merged already
 * @param provide how the files of images are made readable; mounted unless said otherwise
 * @throws the errors of openAll(), chooseTargets(), and of the conditions
 */
export async function decide(
  context: MergeContext,
  workspace: Workspace,
  hierarchies: readonly Hierarchy[],
  { host, images, choice, conditions }: Installed,
  provide?: ProvideFiles,
): Promise<Decision> {
  const judged = await judge(context, workspace, { host, images, conditions }, provide);
  const accepted = acceptedOf(judged);
  if (accepted.length === 0 && images.length > 0) {
    context.log.info(
      `No suitable extensions found (${images.length} ignored due to incompatible image(s))${endingOf(context)}`,
    );
  }
  const detached = findDetached(context, hierarchies);
  if (accepted.length === 0 && context.mutable === 'no')
    return { kind: 'take-off', judged, detached, plan: planUnmerge(detached, workspace) };
  const targets = chooseTargets(context, workspace, hierarchies, accepted);
  const origin = recordOrigin(context, targets, accepted, choice);
  const reasons = compareWithMerged(detached, targets, origin);
  const isUnchanged = detached.length > 0 && reasons.length === 0 && !context.commandLine.alwaysRefresh;
  const plan = makePlan(detached, targets, {
    root: context.root,
    extensionClass: context.commandLine.extensionClass,
    flags: mountFlags(context),
    mountOptions: context.mountOptions,
    names: accepted.map(({ name }) => name),
    origin: formatOrigin(origin),
    places: workspace,
    exchange: chooseExchange(detached, targets, (paths) => !isUnchanged && canPutBeneath(paths)),
  });
  return {
    kind: isUnchanged ? 'unchanged' : 'merge',
    judged,
    accepted,
    detached,
    targets,
    origin,
    reasons,
    plan,
  };
}

/** What each image is; nothing is mounted yet where somebody sees it when a condition says no. */
async function judge(
  context: MergeContext,
  workspace: Workspace,
  { host, images, conditions }: Pick<Installed, 'host' | 'images' | 'conditions'>,
  provide: ProvideFiles | undefined,
): Promise<JudgedImage[]> {
  try {
    for (const condition of conditions) condition.begin(images);
    const judged = judgeImages(context, host, await open(context, images, workspace, provide));
    for (const condition of conditions) condition.check(judged);
    return judged;
  } finally {
    for (const condition of conditions) condition.end();
  }
}

/** What knows disk images is loaded where there is one. */
async function open(
  context: MergeContext,
  images: readonly Image[],
  workspace: Workspace,
  provide: ProvideFiles | undefined,
): Promise<OpenImage[]> {
  if (!images.some(isFile)) return images.map(openDirectory);
  return (await import('./open-all.js')).openAll(context, images, workspace, provide);
}

/** Of a sentence that nothing can be merged. */
export function endingOf({ mutable }: MergeContext): string {
  return mutable === 'no' ? '.' : ', proceeding in mutable mode.';
}
