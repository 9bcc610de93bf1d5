import { mayMount } from '../../host/privileges.js';
import { type Image, isFile } from '../../images/image.js';
import type { ImagePolicy } from '../../images/policy/policy.js';
import type { Hindrance } from '../../layers/layer.js';
import { examineImages, type ImageProblem, UnusableImagesError } from '../../mount/examine-images.js';
import { ImageMountError } from '../../mount/images.js';
import { LOOK_FLAGS } from '../../mount/looking-place.js';
import { type OpenImage, openImages } from '../../mount/open-extensions.js';
import type { Workspace } from '../../mount/workspace.js';
import { type Context, isPermissionError } from '../context.js';
import { openSettings } from '../protect-images.js';

/** An extension that can be read, or why it cannot. */
export type Opening =
  | { readonly kind: 'open'; readonly image: Image; readonly opened: OpenImage }
  | { readonly kind: 'unusable'; readonly image: Image; readonly problem: ImageProblem }
  | { readonly kind: 'closed'; readonly image: Image; readonly hindrance: Hindrance };

/**
 * Makes the files of an extension readable; what is wrong with it is a part of the answer.
 *
 * @param workspace a tmpfs that nobody else sees, if this process may mount
 */
export function openForReading(
  context: Context,
  image: Image,
  policy: ImagePolicy,
  workspace: Workspace,
): Opening {
  try {
    if (!isFile(image))
      return {
        kind: 'open',
        image,
        opened: { image, name: image.name, root: image.path, record: null, parts: [], checks: [] },
      };
    const usable = examineImages([image], context.root, () => policy);
    if (!mayMount()) return { kind: 'closed', image, hindrance: { kind: 'not-privileged' } };
    const [opened] = openImages([image], usable, LOOK_FLAGS, openSettings(context), workspace);
    return { kind: 'open', image, opened: opened! };
  } catch (error) {
    if (error instanceof UnusableImagesError)
      return { kind: 'unusable', image, problem: error.images[0]!.problem };
    if (error instanceof ImageMountError)
      return { kind: 'closed', image, hindrance: { kind: 'failed', cause: error } };
    if (isPermissionError(error)) return { kind: 'closed', image, hindrance: { kind: 'permission' } };
    throw error;
  }
}
