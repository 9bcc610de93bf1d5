import { discoverImages } from '../images/discover.js';
import type { Image, PassedOver } from '../images/image.js';
import { type HostRelease, readHostRelease } from '../release/host-release.js';
import { describePassedOver } from '../report/passed-over.js';
import { type Context, searchFor } from './context.js';

/** What a merge begins with: the system, and all that is installed for it. */
export interface Installed {
  readonly host: HostRelease;
  readonly images: readonly Image[];
  readonly passedOver: readonly PassedOver[];
}

/** @throws HostReleaseError, the errors of discoverImages() */
export function findInstalled(context: Context): Installed {
  const host = readHostRelease(context.root, context.env);
  const { images, passedOver } = discoverImages(searchFor(context));
  for (const found of passedOver) {
    const { level, message } = describePassedOver(found);
    context.log[level](message);
  }
  return { host, images, passedOver };
}
