import { lstatSync } from 'node:fs';
import { type Bytes, bufferOf, bytesOf, joinBytes } from '../host/bytes.js';
import { compareEntries, type Difference } from './compare.js';
import { type Entry, readEntry } from './entry.js';
import type { Located, Location, OpenStack } from './lookup.js';
import { type Judged, mergedOf, shownOf } from './rules.js';
import { coveredByMount } from './walk.js';

/** Where what is seen at a path comes from. */
export type Provider =
  | { readonly kind: 'copy'; readonly copy: Located; readonly others: readonly Other[] }
  /** It is seen, and only this layer, which cannot be looked into, can have it. */
  | { readonly kind: 'by-elimination'; readonly layer: number; readonly others: readonly Other[] }
  /** One of several layers that cannot be looked into may have it. */
  | { readonly kind: 'unknown'; readonly layers: readonly number[]; readonly others: readonly Other[] }
  /** What is seen is not what any layer has now. */
  | { readonly kind: 'changed'; readonly others: readonly Other[] }
  | { readonly kind: 'missing'; readonly others: readonly Other[] }
  | { readonly kind: 'mount'; readonly exists: boolean; readonly others: readonly Other[] }
  | { readonly kind: 'metadata' }
  | { readonly kind: 'outside'; readonly exists: boolean }
  | { readonly kind: 'circle' };

/** A copy that is not what is seen, or not alone. */
export interface Other {
  readonly copy: Located;
  /** From what is seen; `null` if nothing is, or it cannot be read. */
  readonly difference: Difference | null;
}

/**
 * @param isLive whether what is seen can be looked at
 * @throws the errors of lstat(2) but "no such file"
 */
export function providerOf(location: Location, isLive: boolean): Provider {
  switch (location.kind) {
    case 'circle':
    case 'metadata':
      return { kind: location.kind };
    case 'outside':
      return { kind: 'outside', exists: location.entry !== null };
    case 'mount': {
      const others = location.copies.map((copy) => ({ copy, difference: null }));
      return { kind: 'mount', exists: location.entry !== null, others };
    }
    case 'layers':
      return inLayers(location, isLive && location.in.stack.isMerged ? seenAt(location) : undefined);
  }
}

type InLayers = Location & { readonly kind: 'layers' };

function inLayers(location: InLayers, seen: Entry | null | undefined): Provider {
  const { copies } = location;
  const { stack, reader } = location.in;
  const shown = shownOf(copies);
  const closed = [...stack.layers.keys()].filter((layer) => stack.layers[layer]!.root === null);
  const above = shown === undefined ? closed : closed.filter((layer) => layer < shown.layer);
  const others = othersOf(location, shown, reader);
  const provided: Provider | null = shown === undefined ? null : { kind: 'copy', copy: shown, others };
  if (seen === undefined) {
    if (above.length > 0 && !isCertain(location)) return { kind: 'unknown', layers: above, others };
    return provided ?? { kind: 'missing', others };
  }
  if (seen === null) return shown === undefined ? { kind: 'missing', others } : { kind: 'changed', others };
  if (provided !== null && isSame(seen, shown!.entry) && hasItsInode(location, shown!)) return provided;
  const all = othersOf(location, undefined, reader);
  const [first] = above;
  if (first === undefined) return { kind: 'changed', others: all };
  return above.length === 1
    ? { kind: 'by-elimination', layer: first, others: all }
    : { kind: 'unknown', layers: above, others: all };
}

/** The root of the hierarchy is there whatever is in the layers. */
function isCertain({ below }: InLayers): boolean {
  return below === '';
}

function seenAt({ in: { stack }, below }: InLayers): Entry | null {
  return readEntry(joinBytes(bytesOf(stack.place), below));
}

/**
 * The kernel shows a file by the number that it has in its layer, in some cases with more bits above it (overlayfs.rst,
 * "Inode properties"); only what was copied up before it was written has the number of the file below.
 */
function hasItsInode(location: InLayers, shown: Located): boolean {
  const { stack, reader } = location.in;
  const { owner } = stack.layers[shown.layer]!;
  const isLowest = shown.layer === stack.layers.length - 1;
  const isWritten = owner.kind === 'write-directory' || (owner.kind === 'host' && !isLowest);
  if (isWritten || shown.entry.type === 'directory') return true;
  const [a, b] = [joinBytes(bytesOf(stack.place), location.below), reader.pathOf(shown)].map((path) => {
    return (lstatSync(bufferOf(path), { bigint: true, throwIfNoEntry: false })?.ino ?? 0n) & 0xffffffffn;
  });
  return a === b;
}

/** Of a directory time and size are its own in the merged tree. */
function isSame(a: Entry, b: Entry): boolean {
  if (a.type !== b.type) return false;
  if (a.type === 'directory') return true;
  return a.size === b.size && a.mode === b.mode && a.mtime === b.mtime && a.ctime === b.ctime;
}

function othersOf(location: InLayers, shown: Located | undefined, reader: OpenStack['reader']): Other[] {
  return location.copies
    .filter((copy) => copy !== shown)
    .map((copy) => ({ copy, difference: shown === undefined ? null : compare(reader, shown, copy) }));
}

function compare(reader: OpenStack['reader'], shown: Judged, copy: Judged): Difference | null {
  if (copy.entry.type === 'whiteout') return null;
  try {
    return compareEntries(
      { path: reader.pathOf(shown), entry: shown.entry },
      { path: reader.pathOf(copy), entry: copy.entry },
    );
  } catch (error) {
    reader.note(copy, error);
    return null;
  }
}

/** What is in a directory, also what only the host has; each with its copies. */
export function* childrenOf(
  location: Location,
): Generator<{ readonly name: Bytes; readonly copies: readonly Judged[] }> {
  if (location.kind !== 'layers') return;
  const { reader, stack } = location.in;
  const directory = location.below === '' ? reader.top() : mergedOf(location.copies);
  const names = new Set<Bytes>();
  for (const part of directory) for (const name of reader.names(part)) names.add(name);
  for (const name of [...names].sort()) {
    const copies = reader.copies(directory, name);
    const isMount = stack.mounts.includes(joinBytes(location.below, name));
    yield { name, copies: isMount ? copies.map(coveredByMount) : copies };
  }
}
