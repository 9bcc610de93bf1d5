import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { discoverImages } from '../../images/discover.js';
import { isFile } from '../../images/image.js';
import { openLookingPlace } from '../../mount/looking-place.js';
import { type Workspace, workspaceAt } from '../../mount/workspace.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import type { AskedView } from '../../report/layers/view.js';
import { type Context, readHierarchies, searchFor } from '../context.js';
import { withMergeSettings } from '../merge-settings.js';
import { liveView } from './live.js';
import { plannedView } from './planned.js';

/**
 * Finds the layers: those of what is merged now; where nothing is merged, or with `--planned`, those that a merge would make.
 * What has to be mounted for it is mounted where nobody else sees it, and stays for the time of the action.
 *
 * @returns what the action returns: an exit status
 * @throws the errors of plannedView() and of what it calls, and those of `action`
 */
export async function withLayerView(
  context: Context,
  action: (view: AskedView) => Promise<number>,
): Promise<number> {
  return whereToLook(context, (hierarchies, workspace) => {
    const settings = withMergeSettings(context);
    const isAsked = context.commandLine.layers.planned;
    const isMerged = hierarchies.some(({ merge }) => merge !== null);
    const make = isMerged && !isAsked ? liveView : plannedView;
    return action({ ...make(settings, hierarchies, workspace), isAsked });
  });
}

/**
 * Finds what is merged, and a place to look under it and into images, in a mount namespace that nobody else sees. Where that is
 * needed and this process has none, the program is started once more in one.
 *
 * @returns what the action returns: an exit status
 */
export async function whereToLook(
  context: Context,
  action: (hierarchies: readonly Hierarchy[], workspace: Workspace) => Promise<number>,
): Promise<number> {
  const hierarchies = readHierarchies(context);
  const isMerged = hierarchies.some(({ merge }) => merge !== null);
  const mounts = mayMount() && (isMerged || discoverImages(searchFor(context)).images.some(isFile));
  if (mounts && !hasPrivateNamespace()) return runInPrivateNamespace();
  return inLookingPlace(mounts, (workspace) => action(hierarchies, workspace));
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
