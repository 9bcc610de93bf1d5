import type { FollowUp } from '../../check/afterwards.js';
import type { Findings } from '../../check/checkers.js';
import type { ExtensionClass } from '../../extension-class.js';
import type { Image } from '../../images/image.js';
import type { Layer } from '../../layers/layer.js';
import type { Answer } from '../explanation/advice.js';

/** The system that an image was checked against. */
export interface Against {
  /** Its root directory. */
  readonly root: string;
  /** Its release file, and what it says it is: `ID=debian VERSION_ID=13`. */
  readonly path: string;
  readonly fields: string;
  /** In what that is not the host that it would be without the image; `null` for in nothing. */
  readonly caveat: Caveat | null;
}

/** Why the host that an image was compared with is not what the image would be merged over. */
export type Caveat =
  /** The image is merged, and nobody can look under that, or not this user: the host's layer says why. */
  | { readonly kind: 'merged-host'; readonly layer: Layer }
  /** What else is merged could not be looked into, so it was left out. */
  | { readonly kind: 'left-out'; readonly layers: readonly Layer[] };

/** Why an image was checked against no host: it says itself that it is for another one, or the host does not say what it is. */
export type NoHost =
  | { readonly kind: 'other'; readonly field: string; readonly wanted: string; readonly found: string }
  | { readonly kind: 'no-release' };

/** What came of one image. */
export type Outcome =
  | {
      readonly kind: 'checked';
      readonly findings: Findings;
      readonly followUps: readonly FollowUp[];
      readonly against: Against | NoHost;
      /** Paths inside of it that this user may not look at, so that there may be more. */
      readonly forbidden: readonly string[];
    }
  /** An image that a merge would refuse. */
  | { readonly kind: 'unusable'; readonly answer: Answer }
  /** Nobody can tell, or not this user. */
  | { readonly kind: 'untold'; readonly answer: Answer };

export interface Checked {
  readonly image: Image;
  readonly outcome: Outcome;
}

/** Everything that `check` has to tell. */
export interface CheckReport {
  readonly extensionClass: ExtensionClass;
  readonly images: readonly Checked[];
}

/** 0: nothing but notes; 1: errors or warnings; 2: of something that cannot be told. */
export function checkStatus({ images }: CheckReport): 0 | 1 | 2 {
  const isUntold = ({ outcome }: Checked) => outcome.kind !== 'checked' || outcome.forbidden.length > 0;
  if (images.some(isUntold)) return 2;
  const isWrong = ({ outcome }: Checked) =>
    outcome.kind === 'checked' && outcome.findings.findings.some(({ severity }) => severity !== 'note');
  return images.some(isWrong) ? 1 : 0;
}

/** The caveat about an image that was checked against a host. */
export function caveatOf(outcome: Outcome): Caveat | null {
  return outcome.kind === 'checked' && isHost(outcome.against) ? outcome.against.caveat : null;
}

export function isHost(against: Against | NoHost): against is Against {
  return 'root' in against;
}
