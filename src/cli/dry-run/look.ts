import { openLookingPlace } from '../../mount/looking-place.js';
import { type Workspace, workspaceAt } from '../../mount/workspace.js';

/**
 * Runs what looks into images, with a workspace of its own; without images there is nothing to mount, and it is none
 * but in name. The mount namespace should be one of its own, so that nobody else sees that.
 *
 * @param planned where the workspace of the merge will be
 * @throws MountFailedError, CommandMissingError, what `action` throws
 */
export async function lookIn<Result>(
  planned: string,
  hasImages: boolean,
  action: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  if (!hasImages) return action(workspaceAt(planned, -1));
  const place = openLookingPlace();
  try {
    return await action(place.workspace);
  } finally {
    place.close();
  }
}
