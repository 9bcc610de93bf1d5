import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { openLookingPlace } from '../../mount/looking-place.js';
import { type Workspace, workspaceAt } from '../../mount/workspace.js';
import type { AskedView } from '../../report/layers/view.js';
import { findChosen } from '../chosen.js';
import { type Context, readHierarchies } from '../context.js';
import { withMergeSettings } from '../merge-settings.js';
import { liveView } from './live.js';
import { plannedView } from './planned.js';

/**
 * Finds the layers: those of what is merged now; where nothing is merged, or with `--planned` or a choice, those that a merge would make.
 * What has to be mounted for it is mounted where nobody else sees it, and stays for the time of the action.
 *
 * @returns what the action returns: an exit status
 * @throws ChoiceError, the errors of plannedView() and of what it calls, and those of `action`
 */
export async function withLayerView(
  context: Context,
  action: (view: AskedView) => Promise<number>,
): Promise<number> {
  const hierarchies = readHierarchies(context);
  const { layers, merging } = context.commandLine;
  // What is chosen is chosen for the next merge.
  const isAsked = layers.planned || merging.choice !== null;
  const isMerged = hierarchies.some(({ merge }) => merge !== null);
  const chosen = isMerged && !isAsked ? null : await findChosen(context, hierarchies);
  const mounts = mayMount() && (isMerged || chosen?.images.some(isFile) === true);
  return whereToLook(mounts, async (workspace) => {
    const settings = withMergeSettings(context);
    const view =
      chosen === null
        ? liveView(settings, hierarchies, workspace)
        : plannedView(settings, hierarchies, chosen.images, workspace);
    return action({ ...view, isAsked });
  });
}

/**
 * Gives a place to look under what is merged and into images, in a mount namespace that nobody else sees. Where that is needed and
 * this process has none, the program is started once more in one.
 *
 * @param mounts whether there is something to mount
 * @returns what the action returns: an exit status
 */
export async function whereToLook(
  mounts: boolean,
  action: (workspace: Workspace) => Promise<number>,
): Promise<number> {
  if (mounts && !hasPrivateNamespace()) return runInPrivateNamespace();
  return inLookingPlace(mounts, action);
}

/** Nothing is made there. */
const NOWHERE = '/run/systemd/sysext/nowhere';

/** A workspace; without anything to mount only the names of its places. */
async function inLookingPlace<Result>(
  mounts: boolean,
  action: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  if (!mounts) return action(workspaceAt(NOWHERE, -1));
  const place = openLookingPlace();
  try {
    return await action(place.workspace);
  } finally {
    place.close();
  }
}
