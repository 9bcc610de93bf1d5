import { nativeArchitecture } from '../host/architecture.js';
import type { FileSystem } from '../images/content.js';
import {
  type Examination,
  type ExaminationProblem,
  examineImages as examineFiles,
} from '../images/examine.js';
import { type Image, isFile } from '../images/image.js';
import { judgeImage } from '../images/policy/judge.js';
import type { ImagePolicy } from '../images/policy/policy.js';
import type { PartitionVerdict, Refusal } from '../images/policy/verdict.js';
import { policyFacts } from '../images/policy-facts.js';
import { findSignature } from '../images/verity/find-signature.js';
import { givesLayers } from './layer-file-systems.js';
import type { PartProblem, PartUse } from './open-part.js';

/** Why an image file cannot be used. */
export type ImageProblem =
  | ExaminationProblem
  /** overlayfs takes no layers from it. */
  | { readonly kind: 'no-layers'; readonly content: FileSystem }
  | { readonly kind: 'policy'; readonly refusal: Refusal; readonly policy: ImagePolicy }
  | { readonly kind: 'part'; readonly use: PartUse; readonly problem: PartProblem }
  /** Root and usr partition, but the root file system has no directory `/usr`. */
  | { readonly kind: 'no-usr-directory' }
  /** Somebody has written to it, or put another file in its place, while it was checked. */
  | { readonly kind: 'changed' };

/** Image files that cannot be used. */
export class UnusableImagesError extends Error {
  constructor(readonly images: readonly { readonly image: Image; readonly problem: ImageProblem }[]) {
    super(`Unusable: ${images.map(({ image }) => image.path).join(', ')}`);
  }
}

/** An image file or block device that may be used, and which parts of it. */
export interface UsableImage {
  readonly examination: Examination;
  readonly uses: readonly PartUse[];
}

/**
 * Says what each image file is, and whether the image policy lets it be used. Reads only; asked before anything is mounted.
 *
 * @param root absolute path, free of symlinks
 * @param policyFor the policy that an image is held to
 * @returns the images that are files or block devices
 * @throws UnusableImagesError with all that are not usable; the errors of open(2), when an image vanishes
 */
export function examineImages(
  images: readonly Image[],
  root: string,
  policyFor: (image: Image) => ImagePolicy,
): ReadonlyMap<Image, UsableImage> {
  const usable = new Map<Image, UsableImage>();
  const unusable: { image: Image; problem: ImageProblem }[] = [];
  const files = images.filter(isFile);
  for (const [image, examination] of examineFiles(files, root, nativeArchitecture())) {
    const judged = judge(image, examination, root, policyFor(image));
    if ('uses' in judged) usable.set(image, judged);
    else unusable.push({ image, problem: judged });
  }
  if (unusable.length > 0) throw new UnusableImagesError(unusable);
  return usable;
}

function judge(
  image: Image,
  examination: Examination | ExaminationProblem,
  root: string,
  policy: ImagePolicy,
): UsableImage | ImageProblem {
  if (examination.kind !== 'examination') return examination;
  for (const { content } of examination.dissection.parts) {
    if (content.kind === 'file-system' && !givesLayers(content)) return { kind: 'no-layers', content };
  }
  const verdict = judgeImage(policy, policyFacts(examination, hasSignatureFile(image, root, examination)));
  if (verdict.kind === 'refused') return { kind: 'policy', refusal: verdict.refusal, policy };
  return { examination, uses: usesOf(image, examination, verdict.partitions) };
}

/** Whether a file beside the image has a signature of a root hash that is set beside it too. */
export function hasSignatureFile(
  image: Image,
  root: string,
  { dissection, verity }: Pick<Examination, 'dissection' | 'verity'>,
): boolean {
  return dissection.parts.some((part) => {
    const source = verity.get(part.designator);
    if (source === undefined) return false;
    const found = findSignature(image, part, source, root);
    // One that cannot be read is one all the same: it is for the policy to say whether that matters.
    return (
      found?.kind === 'unusable-file' || (found?.kind === 'signature' && typeof found.where === 'string')
    );
  });
}

function usesOf(
  image: Image,
  { dissection, verity }: Examination,
  verdicts: readonly PartitionVerdict[],
): PartUse[] {
  return dissection.parts.flatMap((part) => {
    const verdict = verdicts.find(({ designator }) => designator === part.designator);
    if (verdict?.kind !== 'use') return [];
    const { required, fileSystems } = verdict;
    // What a policy does not ask for is not looked at, which may save reading the whole image.
    const source = required === 'none' ? null : (verity.get(part.designator) ?? null);
    return [{ image, part, verity: source, required, fileSystems }];
  });
}
