import type { PassedOver } from '../images/image.js';

/** Something that would play no part in a merge, though it may be meant to. */
export type Shortfall =
  | {
      /** An extension that does not fit, or an empty directory, which switches one off. */
      readonly kind: 'ignored' | 'empty';
      readonly name: string;
      readonly path: string;
      /** Entries of later places that it hides: those play no part either. */
      readonly hides: readonly string[];
    }
  | { readonly kind: 'passed-over'; readonly found: PassedOver };

/** Nothing was to be ignored, and something would be; nothing was mounted yet. */
export class StrictError extends Error {
  constructor(readonly shortfalls: readonly Shortfall[]) {
    super(`Strict: ${shortfalls.map(({ kind }) => kind).join(', ')}`);
  }
}
