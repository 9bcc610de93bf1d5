import { type Bytes, joinBytes } from '../host/bytes.js';
import type { LayerReader, MergedDirectory } from './reader.js';
import { type Judged, mergedOf } from './rules.js';

/** A name in a directory that is seen in the merged tree, with all copies of it. */
export interface Junction {
  /** Below the hierarchy. */
  readonly path: Bytes;
  /** Top first. */
  readonly copies: readonly Judged[];
}

export interface WalkSettings {
  /** The layers whose names are gone through. The host has most of them, and alone they are of no interest. */
  readonly lists: (layer: number) => boolean;
  /** Whether to go on in a directory, which lies in these layers. */
  readonly enters: (directory: MergedDirectory, path: Bytes) => boolean;
  /** Where something else is mounted. */
  readonly mounts: readonly Bytes[];
}

/**
 * Walks the merged tree, as far as the settings ask for it; each directory before what is in it. Keeps the names of one
 * directory at a time, and the directories still to come.
 */
export function* walkMerged(reader: LayerReader, settings: WalkSettings): Generator<Junction> {
  const mounts = new Set(settings.mounts);
  const ahead: { path: Bytes; directory: MergedDirectory }[] = [{ path: '', directory: reader.top() }];
  for (let here = ahead.pop(); here !== undefined; here = ahead.pop()) {
    const entered: { path: Bytes; directory: MergedDirectory }[] = [];
    for (const { name, copies: found } of namesIn(reader, here.directory, settings.lists)) {
      const path = joinBytes(here.path, name);
      if (mounts.has(path)) {
        yield { path, copies: found.map(coveredByMount) };
        continue;
      }
      yield { path, copies: found };
      const directory = mergedOf(found);
      if (directory.length > 0 && settings.enters(directory, path))
        entered.push({ path, directory: partsOf(directory) });
    }
    // One by one: a call with as many arguments as there are directories would overflow the stack.
    for (let last = entered.pop(); last !== undefined; last = entered.pop()) ahead.push(last);
  }
}

function* namesIn(
  reader: LayerReader,
  directory: MergedDirectory,
  lists: (layer: number) => boolean,
): Generator<{ name: Bytes; copies: Judged[] }> {
  const listed = new Map<number, ReadonlySet<Bytes>>();
  for (const part of directory) if (lists(part.layer)) listed.set(part.layer, new Set(reader.names(part)));
  const [only] = listed.values();
  const names = listed.size === 1 && only !== undefined ? only : unionOf(listed.values());
  for (const name of [...names].sort()) {
    const has = (layer: number) => listed.get(layer)?.has(name) ?? true;
    yield { name, copies: reader.copies(directory, name, has) };
  }
}

function unionOf(sets: Iterable<ReadonlySet<Bytes>>): ReadonlySet<Bytes> {
  const all = new Set<Bytes>();
  for (const set of sets) for (const name of set) all.add(name);
  return all;
}

function partsOf(copies: readonly Judged[]): MergedDirectory {
  return copies.map(({ layer, path }) => ({ layer, path }));
}

export function coveredByMount(copy: Judged): Judged {
  return { ...copy, fate: { kind: 'hidden', by: null, cover: 'mount' } };
}

/** Everything below a directory of one layer, seen or not. */
export function* walkLayer(
  reader: LayerReader,
  layer: number,
  path: Bytes,
): Generator<{ readonly path: Bytes; readonly isDirectory: boolean }> {
  const ahead = [path];
  for (let here = ahead.pop(); here !== undefined; here = ahead.pop()) {
    const entered: Bytes[] = [];
    for (const name of [...reader.names({ layer, path: here })].sort()) {
      const inner = joinBytes(here, name);
      const isDirectory = reader.entry({ layer, path: inner })?.type === 'directory';
      yield { path: inner, isDirectory };
      if (isDirectory) entered.push(inner);
    }
    for (let last = entered.pop(); last !== undefined; last = entered.pop()) ahead.push(last);
  }
}
