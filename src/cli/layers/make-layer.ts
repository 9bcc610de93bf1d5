import { relative } from 'node:path';
import { bytesOf } from '../../host/bytes.js';
import { mayMount } from '../../host/privileges.js';
import type { Hindrance, Layer, LayerOwner } from '../../layers/layer.js';
import { type MarkSpace, type Marks, NO_MARKS, readMarks } from '../../layers/marks.js';

/** Where a layer is, and how it is marked. */
export interface LayerPlace {
  readonly owner: LayerOwner;
  readonly source: string;
  /** Its directory on the machine. */
  readonly path: string;
  /** The root of the extension. */
  readonly within: string;
  readonly hasChanged?: boolean;
}

/** A layer that can be read. Its marks are read when they are asked for. */
export function readableLayer(
  { owner, source, path, within, hasChanged }: LayerPlace,
  space: MarkSpace,
): Layer {
  let marks: Marks | null = null;
  return {
    owner,
    source,
    inside: `/${relative(within, path)}`,
    root: bytesOf(path),
    hindrance: null,
    hasChanged: hasChanged ?? false,
    get marks() {
      // The kernel shows `trusted` attributes only to who may administrate all of the machine (xattr(7)).
      marks ??=
        space === 'trusted' && !mayMount() ? { ...NO_MARKS, known: false } : readMarks(bytesOf(path), space);
      return marks;
    },
  };
}

export function hinderedLayer(
  owner: LayerOwner,
  source: string,
  inside: string,
  hindrance: Hindrance,
): Layer {
  return { owner, source, inside, root: null, hindrance, hasChanged: false, marks: NO_MARKS };
}

/** The host has too many files to read the marks of all of them, and nothing lies below it that they could hide. */
export function settle(layers: readonly Layer[]): Layer[] {
  return layers.map((layer, index) => {
    if (layer.owner.kind !== 'host' || index < layers.length - 1) return layer;
    const { owner, source, inside, root, hindrance, hasChanged } = layer;
    return { owner, source, inside, root, hindrance, hasChanged, marks: NO_MARKS };
  });
}

/** Which attributes the kernel goes by (overlayfs.rst, "userxattr"). */
export function markSpaceOf(mountOptions: string | null): MarkSpace {
  return (mountOptions ?? '').split(',').includes('userxattr') ? 'user' : 'trusted';
}
