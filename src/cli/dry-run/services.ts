import type { Hierarchy } from '../../overlay/metadata.js';
import type { OpenExtension } from '../../overlay/stack.js';
import type { PlannedServices } from '../../report/dry-run/dry-run.js';
import { describeLeftOut, describeWishProblem } from '../../report/services.js';
import { combineReleases } from '../../services/combine.js';
import { detectManager, readStage } from '../../services/manager.js';
import { planServices } from '../../services/plan-services.js';
import { readMergedReleases, readReleases } from '../../services/read-releases.js';
import { planStopFirst } from '../../services/stop-first.js';
import { collectWishes } from '../../services/wishes.js';
import type { Context } from '../context.js';

/**
 * What the service manager would have to do: as followServices() has it done.
 *
 * @param leaving what is merged now and comes off
 * @param arriving what is merged then
 * @returns `null` where services are left alone
 */
export function foreseeServices(
  { root, commandLine }: Context,
  leaving: readonly Hierarchy[],
  arriving: readonly OpenExtension[],
): PlannedServices | null {
  const { extensionClass, noReload } = commandLine;
  if (noReload) return null;
  const before = readMergedReleases(root, leaving, extensionClass);
  const manager = detectManager();
  const stage = readStage(manager);
  const paths = leaving.map(({ path }) => path);
  const first = planStopFirst(collectWishes(before).wishes, manager, stage, paths);
  const { wishes, problems } = collectWishes(combineReleases(before, readReleases(arriving, extensionClass)));
  const after = planServices(wishes, manager, stage);
  return {
    manager,
    first,
    after,
    problems: [...problems.map(describeWishProblem), ...after.leftOut.map(describeLeftOut)],
  };
}
