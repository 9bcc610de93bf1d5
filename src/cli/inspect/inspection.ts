import { closeSync, mkdtempSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLASSES, type ExtensionClass } from '../../extension-class.js';
import { nativeArchitecture } from '../../host/architecture.js';
import { openReader } from '../../images/byte-reader.js';
import { examineImage } from '../../images/examine.js';
import { type Image, isFile } from '../../images/image.js';
import { OPEN } from '../../images/policy/policy.js';
import { surveyHierarchies } from '../../images/survey.js';
import { examineImages, UnusableImagesError } from '../../mount/examine-images.js';
import { openImages } from '../../mount/open-extensions.js';
import { closeWorkspace, openWorkspace } from '../../mount/workspace.js';
import { findReleaseFile } from '../../release/release-file.js';
import type { FilesInside, Inspection, SeenFiles } from '../../report/inspected.js';
import type { Context } from '../context.js';
import { openSettings } from '../protect-images.js';

/** Everything about an image but what is in its file systems; reads only. @throws the errors of reading the image */
export function inspectImage(image: Image, files: FilesInside): Inspection {
  if (!isFile(image)) return { image, size: null, examined: null, files };
  return { image, size: sizeOf(image), examined: examineImage(image, '/', nativeArchitecture()), files };
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
 * Mounts an image to look into it, and unmounts it. The mount namespace should be one of its own, so that nobody else
 * sees that. What carries a hash tree is checked as for a merge; whatever protection it has is taken.
 *
 * @throws the errors of openImages() but UnusableImagesError
 */
export function mountAndLook(context: Context, image: Image): FilesInside {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-inspect-'));
  // Where a merge hands its lock to the programs that it calls; here is nothing to lock.
  const descriptor = openSync('/dev/null', 'r');
  try {
    const workspace = openWorkspace(directory, descriptor);
    try {
      const usable = examineImages([image], '/', () => OPEN);
      const [opened] = openImages(
        [image],
        usable,
        ['nodev', 'nosuid', 'noexec'],
        openSettings(context),
        workspace,
      );
      return lookInto(opened!.root, image, opened!);
    } catch (error) {
      if (!(error instanceof UnusableImagesError)) throw error;
      return { kind: 'unusable', problem: error.images[0]!.problem };
    } finally {
      closeWorkspace(workspace);
    }
  } finally {
    closeSync(descriptor);
  }
}

function sizeOf({ path }: Image): bigint {
  const reader = openReader(path);
  try {
    return reader.size;
  } finally {
    reader.close();
  }
}
