import { mayMount } from '../../host/privileges.js';
import { errorCode } from '../../host/root.js';
import { discoverImages } from '../../images/discover.js';
import { type Image, isFile, type PassedOver } from '../../images/image.js';
import { hasEntries } from '../../overlay/stack.js';
import { judgeImage } from '../../release/matching.js';
import type { Candidate, ExplainedHost, Findings } from '../../report/explanation/candidate.js';
import { type Context, searchFor } from '../context.js';
import { findImage } from '../inspect/find-image.js';
import { withMountedImage } from '../inspect/mounted-image.js';
import type { MergeContext } from '../merge-settings.js';
import { policyOf } from '../protect-images.js';

/** All that is in the search path, or what was named. @throws NoSuchImageError, the errors of discoverImages() */
export function findCandidates(context: Context): (Image | PassedOver)[] {
  const { operands } = context.commandLine;
  const { images, passedOver } = discoverImages(searchFor(context));
  if (operands.length === 0) return [...images, ...passedOver];
  return operands.flatMap((word) => {
    const named = [...images, ...passedOver].filter((found) => 'name' in found && found.name === word);
    return named.length > 0 && !word.includes('/') ? named : [findImage(context, word)];
  });
}

/** Looks into a candidate. What is wrong with it is a part of the answer. */
export function explainCandidate(
  context: MergeContext,
  hosts: readonly ExplainedHost[],
  found: Image | PassedOver,
): Candidate {
  if (!('path' in found)) return { kind: 'passed-over', passedOver: found };
  return { kind: 'image', image: found, findings: lookInto(context, hosts, found) };
}

function lookInto(context: MergeContext, hosts: readonly ExplainedHost[], image: Image): Findings {
  if (isFile(image) && !mayMount()) return { kind: 'untold', reason: 'not-privileged' };
  const judge = (root: string): Findings => judgeAt(context, hosts, image, root);
  try {
    if (!isFile(image)) return judge(image.path);
    const { root } = context;
    const isBelow = image.path.startsWith(root === '/' ? root : `${root}/`);
    const policy = policyOf(context, image);
    return withMountedImage(context, image, isBelow ? root : '/', policy, (opened) => judge(opened.root));
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    return { kind: 'untold', reason: 'permission' };
  }
}

function judgeAt(
  { commandLine: { extensionClass, force } }: MergeContext,
  hosts: readonly ExplainedHost[],
  { name }: Image,
  root: string,
): Findings {
  const judgements = hosts.map(({ release }) => judgeImage(root, name, release, extensionClass, force));
  return { kind: 'judged', isMask: !hasEntries(root), judgements };
}
