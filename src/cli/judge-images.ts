import { join } from 'node:path';
import type { OpenImage } from '../mount/open-extensions.js';
import { hasEntries } from '../overlay/stack.js';
import type { HostRelease } from '../release/host-release.js';
import { judgeImage } from '../release/matching.js';
import { quoted } from '../report/printable.js';
import { describeReleaseProblems } from '../report/release-problems.js';
import { describeIgnored, describeMasked } from '../report/verdicts.js';
import type { Context } from './context.js';

/** Keeps the images that fit the host, and says of each other one why it is ignored. */
export function judgeImages(context: Context, host: HostRelease, opened: readonly OpenImage[]): OpenImage[] {
  for (const message of describeReleaseProblems(host.path, host.problems)) context.log.warning(message);
  return opened.filter((image) => judge(context, host, image));
}

function judge({ log, commandLine }: Context, host: HostRelease, { name, root, image }: OpenImage): boolean {
  const { extensionClass, force } = commandLine;
  const { verdict, release } = judgeImage(root, name, host, extensionClass, force);
  if (release.kind === 'found' || release.kind === 'empty') {
    const path = join(image.path, release.path);
    for (const message of describeReleaseProblems(path, release.problems)) log.warning(message);
  }
  if (verdict.kind === 'accepted') {
    log.debug(`Extension ${quoted(name)} fits this system.`, { extension: name, path: image.path, verdict });
    return true;
  }
  const subject = { name, path: image.path, releaseDirectory: extensionClass.releaseDirectory };
  const fields = { extension: name, path: image.path, verdict };
  // On purpose, so no warning.
  if (!hasEntries(root)) log.notice(`${describeMasked(name, image.path)}.`, fields);
  else log.warning(describeIgnored(subject, verdict, commandLine), fields);
  return false;
}
