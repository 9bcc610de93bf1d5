import type { Finding, Surroundings } from '../../doctor/finding.js';
import { describeForImages } from './images.js';
import { describeForMerging } from './merging.js';

/** A finding in words. */
export interface Words {
  /** What was looked at. */
  readonly title: string;
  readonly found: string;
  /** What it should be. */
  readonly wanted: string;
  /** A command line that mends it, to be typed as it is. */
  readonly command: string | null;
  /** What to do where no command does it. */
  readonly advice: string | null;
}

/** What helps depends on the machine. */
export function describeFinding(finding: Finding, surroundings: Surroundings): Words {
  switch (finding.code) {
    case 'loop-devices':
    case 'file-system':
    case 'erofs-without-loop':
    case 'device-mapper':
    case 'certificates':
    case 'certificate':
    case 'signatures':
      return { command: null, advice: null, ...describeForImages(finding, surroundings) };
    default:
      return { command: null, advice: null, ...describeForMerging(finding, surroundings) };
  }
}

/** A finding in words, without what there is not to say. */
export type Said = Pick<Words, 'title' | 'found' | 'wanted'> & Partial<Words>;
