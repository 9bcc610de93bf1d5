import type { LayerStack } from '../../layers/layer.js';
import type { ImageProblem } from '../../mount/examine-images.js';

/** Something to know about what was found out. */
export type ViewNote =
  /** It is not what was merged. */
  | { readonly kind: 'changed'; readonly extension: string; readonly fields: readonly string[] }
  /** The record of where extensions came from is not ours, so they were looked for by their names. */
  | { readonly kind: 'foreign-record' }
  /** A merge fails as long as it is there. */
  | { readonly kind: 'unusable'; readonly extension: string; readonly problem: ImageProblem };

/** The layers of all hierarchies, now or after a merge. */
export interface LayerView {
  /** What is merged now, or what a merge would make. */
  readonly kind: 'live' | 'planned';
  readonly stacks: readonly LayerStack[];
  readonly notes: readonly ViewNote[];
}

/** The layers, and whether somebody asked for those of a merge that is still to come. */
export interface AskedView extends LayerView {
  readonly isAsked: boolean;
}
