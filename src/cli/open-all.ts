import type { Image } from '../images/image.js';
import { type OpenImage, openImages, type ProvideFiles } from '../mount/open-extensions.js';
import type { Workspace } from '../mount/workspace.js';
import { mountFlags } from './choose-targets.js';
import type { MergeContext } from './merge-settings.js';
import { examine, openSettings, reportChecks } from './protect-images.js';

/**
 * Looks at all images under their image policies, mounts the disk images in the workspace, and says how they were checked.
 *
 * @throws the errors of examine(), openImages()
 */
export function openAll(
  context: MergeContext,
  images: readonly Image[],
  workspace: Workspace,
  provide?: ProvideFiles,
): OpenImage[] {
  const usable = examine(context, images);
  const opened = openImages(images, usable, mountFlags(context), openSettings(context), workspace, provide);
  reportChecks(context, opened);
  return opened;
}
