import type { Image, PassedOver } from '../images/image.js';
import type { Choice } from '../overlay/choice.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { type HostRelease, readHostRelease } from '../release/host-release.js';
import { callAgain } from '../report/explain-hint.js';
import { describePassedOver } from '../report/passed-over.js';
import { type Chosen, findChosen } from './chosen.js';
import type { Condition } from './condition.js';
import type { Context } from './context.js';
import type { MergeContext } from './merge-settings.js';

/** What a merge begins with: the system, and all that is installed for it and was chosen. */
export interface Installed {
  readonly host: HostRelease;
  /** In the order of their layers, the last one on top. */
  readonly images: readonly Image[];
  readonly passedOver: readonly PassedOver[];
  /** To be recorded; `null` if all was taken. */
  readonly choice: Choice | null;
  readonly conditions: readonly Condition[];
}

/**
 * @param hierarchies what is merged now may have been chosen, and that still holds
 * @throws HostReleaseError, ChoiceError, LockFileError, the errors of discoverImages()
 */
export async function findInstalled(
  context: MergeContext,
  hierarchies: readonly Hierarchy[],
): Promise<Installed> {
  const host = readHostRelease(context.root, context.env);
  const chosen = await findChosen(context, hierarchies);
  await tellOfChoice(context, chosen);
  const { images, passedOver, choice } = chosen;
  for (const found of passedOver) {
    const { level, message } = describePassedOver(found);
    context.log[level](message);
  }
  return { host, images, passedOver, choice, conditions: await conditionsOf(context, host, chosen) };
}

/** Who chooses now knows what; that it was chosen once is easily forgotten. */
async function tellOfChoice({ log, root, commandLine }: Context, chosen: Chosen): Promise<void> {
  if (chosen.choice === null || !chosen.isRecorded) return;
  const { describeKept, describeGone } = await import('../report/choice.js');
  log.notice(describeKept(chosen.choice, callAgain({ ...commandLine, root }, ['refresh', '--all'])));
  for (const problem of chosen.gone) {
    const message = describeGone(problem);
    if (message !== null) log.warning(message);
  }
}

async function conditionsOf(context: MergeContext, host: HostRelease, chosen: Chosen): Promise<Condition[]> {
  const { merging, extensionClass } = context.commandLine;
  const conditions: Condition[] = [];
  if (merging.strict) conditions.push((await import('./strict.js')).requireAll(chosen, extensionClass));
  const { locked } = chosen;
  if (locked !== null)
    conditions.push((await import('./lock/locked.js')).requireLocked(context, host, locked));
  return conditions;
}
