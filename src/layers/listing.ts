import type { Bytes } from '../host/bytes.js';
import { compareEntries, type Difference } from './compare.js';
import type { LayerStack } from './layer.js';
import type { LayerReader } from './reader.js';
import type { Cover, Judged } from './rules.js';
import { walkLayer, walkMerged } from './walk.js';

/** What of a file of an extension is seen. */
export type Visibility =
  | { readonly kind: 'visible' }
  /** It is seen, in place of one in a layer below. */
  | { readonly kind: 'replaces' | 'equal'; readonly other: number }
  /** A directory that is seen together with those of other layers. */
  | { readonly kind: 'merged'; readonly others: readonly number[] }
  /** A whiteout, or an opaque directory that hides something. */
  | { readonly kind: 'removes'; readonly others: readonly number[] }
  | { readonly kind: 'hidden'; readonly by: number | null; readonly cover: Cover };

export interface Listed {
  /** Below the hierarchy. */
  readonly path: Bytes;
  readonly isDirectory: boolean;
  readonly visibility: Visibility;
}

/** All files and directories of one layer, each directory before what is in it. */
export function* listLayer(reader: LayerReader, stack: LayerStack, layer: number): Generator<Listed> {
  const junctions = walkMerged(reader, {
    lists: (one) => one === layer,
    enters: (directory, path) => directory.some((part) => part.layer === layer && part.path === path),
    mounts: stack.mounts,
  });
  for (const { path, copies } of junctions) {
    const own =
      copies.find((copy) => copy.layer === layer && copy.path === path) ??
      displaced(reader, layer, path, copies);
    // It went away while we looked.
    if (own === null) continue;
    const isDirectory = own.entry.type === 'directory';
    const visibility = visibilityOf(reader, copies, own);
    yield { path, isDirectory, visibility };
    if (isDirectory && visibility.kind === 'hidden')
      for (const inner of walkLayer(reader, layer, path)) yield { ...inner, visibility };
  }
}

/** A directory above that was renamed goes on with another one of this layer, so the one of its own name is hidden. */
function displaced(
  reader: LayerReader,
  layer: number,
  path: Bytes,
  copies: readonly Judged[],
): Judged | null {
  const entry = reader.entry({ layer, path });
  const by = copies.findLast((copy) => copy.layer < layer && copy.path === path)?.layer ?? null;
  if (entry === null || by === null) return null;
  return { layer, path, entry, isOpaque: false, fate: { kind: 'hidden', by, cover: 'opaque' } };
}

function visibilityOf(reader: LayerReader, copies: readonly Judged[], own: Judged): Visibility {
  const { fate, entry, layer } = own;
  if (fate.kind === 'hidden') return fate;
  const covered = copies.filter((copy) => copy.fate.kind === 'hidden' && copy.fate.by === layer);
  const others = covered.filter((copy) => copy.entry.type !== 'whiteout').map((copy) => copy.layer);
  if (fate.kind === 'whiteout') return { kind: 'removes', others };
  if (entry.type === 'directory') {
    const merged = copies.filter((copy) => copy !== own && isPartOf(copy)).map((copy) => copy.layer);
    if (own.isOpaque && others.length > 0) return { kind: 'removes', others };
    if (others.length > 0) return { kind: 'replaces', other: others[0]! };
    return merged.length === 0 ? { kind: 'visible' } : { kind: 'merged', others: merged };
  }
  const next = covered.find((copy) => copy.entry.type !== 'whiteout');
  if (next === undefined) return { kind: 'visible' };
  return { kind: compare(reader, own, next) === 'equal' ? 'equal' : 'replaces', other: next.layer };
}

function isPartOf({ fate }: Judged): boolean {
  return fate.kind === 'shown' || fate.kind === 'merged';
}

/** What cannot be read is not known to be equal. */
function compare(reader: LayerReader, a: Judged, b: Judged): Difference {
  try {
    return compareEntries(
      { path: reader.pathOf(a), entry: a.entry },
      { path: reader.pathOf(b), entry: b.entry },
    );
  } catch (error) {
    reader.note(b, error);
    return 'content';
  }
}
