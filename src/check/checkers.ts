import type { Finding } from './finding.js';
import type { CheckedImage } from './image.js';

/** Looks at an image from one side. Never throws: what is wrong with an image is a finding. */
export type Checker = (image: CheckedImage) => Finding[];

/** All of them, in the order in which an author will want to mend things. */
export const CHECKERS: readonly Checker[] = [];

export function checkImage(image: CheckedImage): Finding[] {
  return CHECKERS.flatMap((check) => check(image));
}
