import type { Image } from '../../images/image.js';
import type { ImagePolicy } from '../../images/policy/policy.js';
import { examineImages, type ImageProblem, UnusableImagesError } from '../../mount/examine-images.js';
import { LOOK_FLAGS, openLookingPlace } from '../../mount/looking-place.js';
import { type OpenImage, openImages } from '../../mount/open-extensions.js';
import type { Context } from '../context.js';
import { openSettings } from '../protect-images.js';

/** The root that an image belongs to: what belongs to another one than this has its hash tree and its policy from there. */
export function ownRoot(root: string, { path }: Image): string {
  return root === '/' || path.startsWith(`${root}/`) ? root : '/';
}

/** An image that could not be mounted, and why. */
export interface Unmounted {
  readonly kind: 'unusable';
  readonly problem: ImageProblem;
}

/**
 * Mounts an image as a merge would, and unmounts it when the action has looked at it. The mount namespace should be one of
 * its own, so that nobody else sees that.
 *
 * @param root that the image belongs to: where hash trees, signatures, certificates and keys are looked for
 * @throws the errors of openImages() but UnusableImagesError, and those of `action`
 */
export function withMountedImage<Result>(
  context: Context,
  image: Image,
  root: string,
  policy: ImagePolicy,
  action: (opened: OpenImage) => Result,
): Result | Unmounted {
  const { workspace, close } = openLookingPlace();
  try {
    const usable = examineImages([image], root, () => policy);
    const [opened] = openImages([image], usable, LOOK_FLAGS, openSettings({ ...context, root }), workspace);
    return action(opened!);
  } catch (error) {
    if (!(error instanceof UnusableImagesError)) throw error;
    return { kind: 'unusable', problem: error.images[0]!.problem };
  } finally {
    close();
  }
}
