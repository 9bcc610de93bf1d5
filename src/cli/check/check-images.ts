import type { CheckedHost } from '../../check/image.js';
import { mayMount } from '../../host/privileges.js';
import { type Image, isFile } from '../../images/image.js';
import { OPEN } from '../../images/policy/policy.js';
import { examineImages, UnusableImagesError } from '../../mount/examine-images.js';
import { ImageMountError } from '../../mount/images.js';
import { HostReleaseError, readHostRelease } from '../../release/host-release.js';
import type { Checked, Outcome } from '../../report/check/checked.js';
import { explainUntold } from '../../report/explanation/advice.js';
import { describeImageProblem } from '../../report/image-problems.js';
import { type Context, isPermissionError } from '../context.js';
import { findImage } from '../inspect/find-image.js';
import { ownRoot, withMountedImage } from '../inspect/mounted-image.js';
import type { Compared } from './host-without.js';
import { checkTree } from './open-image.js';

/** The images that were named. @throws NoSuchImageError, the errors of discoverImages() */
export function findNamed(context: Context): Image[] {
  return context.commandLine.operands.map((word) => findImage(context, word));
}

/**
 * The system to check against. That of the machine need not say what it is, if only images are built there.
 *
 * @throws HostReleaseError of a root that was named
 */
export function readHost({ root, env }: Context): CheckedHost | null {
  try {
    return { root, release: readHostRelease(root, env) };
  } catch (error) {
    if (root === '/' && error instanceof HostReleaseError) return null;
    throw error;
  }
}

/** Looks into an image, and checks what is in it. What is wrong with it is a part of the answer. */
export function checkOne(context: Context, compared: Compared, image: Image): Checked {
  return { image, outcome: lookInto(context, compared, image) };
}

function lookInto(context: Context, { host, caveat }: Compared, image: Image): Outcome {
  try {
    if (!isFile(image)) return checkTree(context, image, image.path, host, { caveat });
    // What can be seen without mounting: that it is none.
    const own = ownRoot(context.root, image);
    examineImages([image], own, () => OPEN);
    if (!mayMount()) return untold({ kind: 'untold', reason: 'not-privileged' });
    const outcome = withMountedImage(context, image, own, OPEN, ({ root }) =>
      checkTree(context, image, root, host, { caveat }),
    );
    return outcome.kind === 'unusable' && 'problem' in outcome ? unusable(outcome.problem) : outcome;
  } catch (error) {
    if (error instanceof UnusableImagesError) return unusable(error.images[0]!.problem);
    if (error instanceof ImageMountError)
      return untold({ kind: 'untold', reason: 'not-mounted', cause: error });
    if (isPermissionError(error)) return untold({ kind: 'untold', reason: 'permission' });
    throw error;
  }
}

const untold = (why: Parameters<typeof explainUntold>[0]): Outcome => ({
  kind: 'untold',
  answer: explainUntold(why),
});

const unusable = (problem: Parameters<typeof describeImageProblem>[0]): Outcome => ({
  kind: 'unusable',
  answer: describeImageProblem(problem),
});
