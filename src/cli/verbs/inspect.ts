import { existsSync } from 'node:fs';
import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { isUsable } from '../../report/inspected.js';
import { inspectionReport } from '../../report/inspection.js';
import type { Context } from '../context.js';
import { findImage } from '../inspect/find-image.js';
import { inspectImage, lookInto, mountAndLook } from '../inspect/inspection.js';
import { NoProcError } from '../unfit-error.js';

/**
 * `inspect IMAGE|DIR`: what an image is and what is in it. Its files are looked at in a mount namespace of its own; without
 * the privilege to mount, only what can be read in the image itself is told.
 *
 * @returns 1 for an image that cannot be used
 */
export async function inspect(context: Context): Promise<number> {
  const { argument, json } = context.commandLine;
  const image = findImage(context, argument ?? '');
  const isDirectory = !isFile(image);
  const mounts = !isDirectory && mayMount();
  if (mounts && !existsSync('/proc/self/mountinfo')) throw new NoProcError();
  if (mounts && !hasPrivateNamespace()) return runInPrivateNamespace();
  const files = isDirectory
    ? lookInto(image.path, image, { record: null, checks: [] })
    : mounts
      ? mountAndLook(context, image)
      : ({ kind: 'not-privileged' } as const);
  const inspection = inspectImage(context, image, files);
  context.print(inspectionReport(inspection, json));
  return isUsable(inspection) ? 0 : 1;
}
