import { join } from 'node:path';
import type { OpenImage } from '../mount/open-extensions.js';
import { hasEntries } from '../overlay/stack.js';
import type { HostRelease } from '../release/host-release.js';
import { type Judgement, judgeImage } from '../release/matching.js';
import { quoted } from '../report/printable.js';
import { describeReleaseProblems } from '../report/release-problems.js';
import { describeIgnored, describeMasked, subjectOf } from '../report/verdicts.js';
import type { Context } from './context.js';

/** An image, and whether it fits the host. */
export interface JudgedImage {
  readonly opened: OpenImage;
  readonly judgement: Judgement;
}

/** Judges all images, and says of each that does not fit the host why it is ignored. */
export function judgeImages(
  context: Context,
  host: HostRelease,
  opened: readonly OpenImage[],
): JudgedImage[] {
  for (const message of describeReleaseProblems(host.path, host.problems)) context.log.warning(message);
  return opened.map((image) => judge(context, host, image));
}

/** Those that fit. */
export function acceptedOf(judged: readonly JudgedImage[]): OpenImage[] {
  return judged.flatMap(({ opened, judgement }) => (judgement.verdict.kind === 'accepted' ? [opened] : []));
}

function judge({ log, commandLine }: Context, host: HostRelease, opened: OpenImage): JudgedImage {
  const { name, root, image } = opened;
  const { extensionClass, force } = commandLine;
  const judgement = judgeImage(root, name, host, extensionClass, force);
  const { verdict, release } = judgement;
  if (release.kind === 'found' || release.kind === 'empty') {
    const path = join(image.path, release.path);
    for (const message of describeReleaseProblems(path, release.problems)) log.warning(message);
  }
  if (verdict.kind === 'accepted') {
    log.debug(`Extension ${quoted(name)} fits this system.`, { extension: name, path: image.path, verdict });
    return { opened, judgement };
  }
  const { releaseDirectory } = extensionClass;
  const subject = subjectOf({ name, path: image.path, releaseDirectory }, release);
  const fields = { extension: name, path: image.path, verdict };
  // On purpose, so no warning.
  if (!hasEntries(root)) log.notice(`${describeMasked(name, image.path)}.`, fields);
  else log.warning(describeIgnored(subject, verdict, commandLine), fields);
  return { opened, judgement };
}
