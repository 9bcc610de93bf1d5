import { CLASSES, type ExtensionClass } from '../../extension-class.js';
import { nativeArchitecture } from '../../host/architecture.js';
import { openReader } from '../../images/byte-reader.js';
import { examineImage } from '../../images/examine.js';
import { type Image, isFile } from '../../images/image.js';
import { OPEN } from '../../images/policy/policy.js';
import { surveyHierarchies } from '../../images/survey.js';
import { findReleaseFile } from '../../release/release-file.js';
import type { FilesInside, Inspection, SeenFiles } from '../../report/inspected.js';
import type { Context } from '../context.js';
import { ownRoot, withMountedImage } from './mounted-image.js';

/** Everything about an image but what is in its file systems; reads only. @throws the errors of reading the image */
export function inspectImage({ root }: Context, image: Image, files: FilesInside): Inspection {
  if (!isFile(image)) return { image, size: null, examined: null, files };
  const examined = examineImage(image, ownRoot(root, image), nativeArchitecture());
  return { image, size: sizeOf(image), examined, files };
}

/** What is in a directory. */
export function lookInto(root: string, image: Image, more: Pick<SeenFiles, 'record' | 'checks'>): SeenFiles {
  const hierarchies = surveyHierarchies(
    root,
    Object.values(CLASSES).flatMap((one) => one.hierarchies),
  );
  const releases = Object.values(CLASSES).map((extensionClass: ExtensionClass) => {
    return { extensionClass, release: findReleaseFile(root, image.name, extensionClass) };
  });
  return { kind: 'seen', hierarchies, releases, ...more };
}

/**
 * Mounts an image to look into it. What carries a hash tree is checked as for a merge; whatever protection it has is taken.
 *
 * @throws the errors of withMountedImage()
 */
export function mountAndLook(context: Context, image: Image): FilesInside {
  const own = ownRoot(context.root, image);
  return withMountedImage(context, image, own, OPEN, (opened) => lookInto(opened.root, image, opened));
}

function sizeOf({ path }: Image): bigint {
  const reader = openReader(path);
  try {
    return reader.size;
  } finally {
    reader.close();
  }
}
