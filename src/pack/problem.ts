import type { LostMark } from '../host/whiteouts.js';

/** Why nothing can be packed as it was asked for. */
export type PackProblem =
  | { readonly kind: 'no-source' }
  | { readonly kind: 'no-output' }
  | { readonly kind: 'source-missing'; readonly path: string }
  /** Neither a directory nor an archive that is known. */
  | { readonly kind: 'source-unknown'; readonly path: string }
  /** A part of the source is nothing that an extension can have. */
  | { readonly kind: 'special-file'; readonly path: string; readonly type: string }
  | { readonly kind: 'bad-name'; readonly path: string }
  | { readonly kind: 'unreadable'; readonly path: string; readonly code: string }
  | { readonly kind: 'hierarchy-not-directory'; readonly path: string }
  | { readonly kind: 'too-many-files'; readonly path: string }
  /** Nothing of the sources belongs into an extension of this class. */
  | { readonly kind: 'nothing-to-pack'; readonly hierarchies: readonly string[] }
  | { readonly kind: 'output-name'; readonly path: string; readonly wanted: string }
  | { readonly kind: 'output-kind'; readonly path: string }
  /** There is no directory that it could be in. */
  | { readonly kind: 'output-parent'; readonly path: string }
  | { readonly kind: 'output-not-empty'; readonly path: string }
  | { readonly kind: 'output-inside'; readonly path: string; readonly source: string }
  | { readonly kind: 'no-fields' }
  | { readonly kind: 'several-release-files'; readonly names: readonly string[] }
  | { readonly kind: 'no-such-unit'; readonly unit: string; readonly path: string }
  | { readonly kind: 'unit-name'; readonly unit: string }
  | { readonly kind: 'unit-in-confext' }
  | { readonly kind: 'key-alone'; readonly missing: string }
  | { readonly kind: 'key-unreadable'; readonly path: string; readonly cause: unknown }
  | { readonly kind: 'signing-failed'; readonly said: string }
  | { readonly kind: 'directory-protected' }
  | { readonly kind: 'no-partition-type'; readonly architecture: string }
  | { readonly kind: 'bad-epoch'; readonly value: string }
  | { readonly kind: 'tool-missing'; readonly command: string; readonly package: string }
  | { readonly kind: 'tool-failed'; readonly command: string; readonly said: string }
  /** What removes something of the host cannot be copied: while the tree is put together, or as the result. */
  | {
      readonly kind: 'lost-mark';
      readonly source: string;
      readonly lost: LostMark;
      readonly isResult: boolean;
    }
  | { readonly kind: 'hostile-entry'; readonly archive: string; readonly path: string; readonly why: string }
  | { readonly kind: 'archive-damaged'; readonly archive: string; readonly said: string }
  | { readonly kind: 'no-image-in-archive'; readonly archive: string; readonly architecture: string }
  | { readonly kind: 'interrupted'; readonly signal: string };

export class PackError extends Error {
  constructor(readonly problem: PackProblem) {
    super(`pack: ${problem.kind}`);
  }
}
