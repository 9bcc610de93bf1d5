import type { Bytes } from '../host/bytes.js';
import type { Entry } from './entry.js';

/** Something of a name in one layer. */
export interface Copy {
  /** Its number in the stack, 0 is the top. */
  readonly layer: number;
  /** Below the layer's directory. */
  readonly path: Bytes;
  readonly entry: Entry;
  /** A directory that hides all of its name in the layers below. */
  readonly isOpaque: boolean;
}

/** Why the layers below a copy are not seen. */
export type Cover =
  /** It is no directory. */
  | 'file'
  /** It is one, and the copy below is none. */
  | 'directory'
  /** It is no directory, below a directory: not seen itself, it still ends what is merged with that. */
  | 'between'
  | 'whiteout'
  | 'opaque'
  | 'mount';

/** What becomes of a copy in the merged tree. */
export type Fate =
  /** It is what is seen. */
  | { readonly kind: 'shown' }
  /** A directory whose entries are seen together with those of the directory that is shown. */
  | { readonly kind: 'merged' }
  /** A whiteout: nothing is seen. */
  | { readonly kind: 'whiteout' }
  /** `by` is the layer of what hides it; `null` for a mount. */
  | { readonly kind: 'hidden'; readonly by: number | null; readonly cover: Cover };

export interface Judged extends Copy {
  readonly fate: Fate;
}

/**
 * What overlayfs makes of the copies of one name (fs/overlayfs/namei.c, ovl_lookup_single(); the kernel's
 * filesystems/overlayfs.rst). From the top: what is no directory hides all below it. Directories are merged, until one is
 * opaque, or until there is a whiteout or something else than a directory.
 *
 * @param copies those that exist, top first
 */
export function judgeCopies(copies: readonly Copy[]): Judged[] {
  let first: number | null = null;
  let end: { readonly by: number; readonly cover: Cover } | null = null;
  return copies.map((copy): Judged => {
    const { layer, entry } = copy;
    if (end !== null) return { ...copy, fate: { kind: 'hidden', ...end } };
    if (entry.type === 'whiteout') {
      end = { by: layer, cover: 'whiteout' };
      return { ...copy, fate: { kind: 'whiteout' } };
    }
    if (entry.type !== 'directory') {
      end = { by: layer, cover: first === null ? 'file' : 'between' };
      return {
        ...copy,
        fate: first === null ? { kind: 'shown' } : { kind: 'hidden', by: first, cover: 'directory' },
      };
    }
    if (copy.isOpaque) end = { by: layer, cover: 'opaque' };
    const fate: Fate = { kind: first === null ? 'shown' : 'merged' };
    first ??= layer;
    return { ...copy, fate };
  });
}

/** What is seen under the name; `undefined` if nothing is. */
export function shownOf<One extends Judged>(copies: readonly One[]): One | undefined {
  return copies.find(({ fate }) => fate.kind === 'shown');
}

/** The directories that are seen as one; none if it is no directory. */
export function mergedOf<One extends Judged>(copies: readonly One[]): One[] {
  if (shownOf(copies)?.entry.type !== 'directory') return [];
  return copies.filter(({ fate }) => fate.kind === 'shown' || fate.kind === 'merged');
}
