import type { PassedOver } from '../images/image.js';

/** In what a choice does not fit what is installed. */
export type ChoiceProblem =
  | {
      readonly kind: 'not-installed';
      readonly name: string;
      /** The installed name that may have been meant. */
      readonly nearest: string | null;
      /** What there is of that name, which gives no image. */
      readonly entry: PassedOver | null;
    }
  | { readonly kind: 'fits-nothing'; readonly option: 'only' | 'except'; readonly pattern: string }
  /** It was named, and is to be left out. */
  | { readonly kind: 'contradiction'; readonly name: string; readonly pattern: string }
  /** It is installed, and shall have a place in the order, but was not chosen. */
  | { readonly kind: 'order-of-others'; readonly name: string }
  /** All that is installed is left out. */
  | { readonly kind: 'none-left' }
  /** A directory to look in; with the root. */
  | { readonly kind: 'no-directory'; readonly path: string; readonly reason: 'missing' | 'no-directory' };

/** What was chosen cannot be meant; nothing was mounted yet. */
export class ChoiceError extends Error {
  constructor(
    readonly problems: readonly ChoiceProblem[],
    /** Names of all that is installed. */
    readonly installed: readonly string[],
  ) {
    super(`Choice: ${problems.map(({ kind }) => kind).join(', ')}`);
  }
}
