import type { Bytes } from '../host/bytes.js';
import type { Marks } from './marks.js';

/** Whose files a layer has. */
export type LayerOwner =
  | { readonly kind: 'extension'; readonly name: string }
  /** What is or was written to the merged hierarchy (`--mutable=`). */
  | { readonly kind: 'write-directory' }
  /** The same, in memory. */
  | { readonly kind: 'memory' }
  | { readonly kind: 'host' };

/** Why a layer cannot be looked into. */
export type Hindrance =
  /** An image that would have to be mounted, or what lies under a merge. */
  | { readonly kind: 'not-privileged' }
  | { readonly kind: 'permission' }
  | { readonly kind: 'gone' }
  /** What is written to memory is in no directory that has a path. */
  | { readonly kind: 'in-memory' }
  /** Mounting or reading it failed. */
  | { readonly kind: 'failed'; readonly cause: unknown };

/** One directory of the stack of a hierarchy. */
export interface Layer {
  readonly owner: LayerOwner;
  /** What people know it by: the extension's directory or image file, the write directory, the host's directory. */
  readonly source: string;
  /** The hierarchy's directory in the extension, as seen from its own root; `/usr` nearly always. */
  readonly inside: string;
  /** Where it can be read now; `null` if it cannot. */
  readonly root: Bytes | null;
  readonly hindrance: Hindrance | null;
  /** It is not what it was when it was merged, so what is said of it may be wrong. */
  readonly hasChanged: boolean;
  readonly marks: Marks;
}

/** The layers of one hierarchy, and what the kernel makes of them. */
export interface LayerStack {
  /** As it is called: `/usr`. */
  readonly hierarchy: string;
  /** Where it is, seen from the root, symlinks resolved. */
  readonly path: Bytes;
  /** The same on the machine, as everybody sees it. */
  readonly place: string;
  /** Whether an overlay is there, or would be. */
  readonly isMerged: boolean;
  /** Top first. */
  readonly layers: readonly Layer[];
  /** Mounts below the hierarchy, which cover all layers there; relative paths. */
  readonly mounts: readonly Bytes[];
  /** The metadata directory, which is made for the merge; `null` where nothing is merged. */
  readonly metadata: Bytes | null;
}
