import type { Image, PassedOver } from '../images/image.js';
import type { Choice } from '../overlay/choice.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { type HostRelease, readHostRelease } from '../release/host-release.js';
import { callAgain } from '../report/explain-hint.js';
import { describePassedOver } from '../report/passed-over.js';
import { type Chosen, findChosen } from './chosen.js';
import type { Condition } from './condition.js';
import type { Context } from './context.js';

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
 * @throws HostReleaseError, ChoiceError, StrictError, the errors of discoverImages()
 */
export async function findInstalled(context: Context, hierarchies: readonly Hierarchy[]): Promise<Installed> {
  const host = readHostRelease(context.root, context.env);
  const chosen = await findChosen(context, hierarchies);
  await tellOfChoice(context, chosen);
  const { images, passedOver, choice } = chosen;
  for (const found of passedOver) {
    const { level, message } = describePassedOver(found);
    context.log[level](message);
  }
  return { host, images, passedOver, choice, conditions: await conditionsOf(context, chosen) };
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

async function conditionsOf({ commandLine }: Context, chosen: Chosen): Promise<Condition[]> {
  if (!commandLine.merging.strict) return [];
  const { requireAll } = await import('./strict.js');
  return [requireAll(chosen, commandLine.extensionClass)];
}
