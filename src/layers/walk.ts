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
 * Walks the merged tree, as far as the settings ask for it: sorted, each directory before what is in it. Keeps the names of
 * the directories that it is in, and nothing else.
 */
export function* walkMerged(reader: LayerReader, settings: WalkSettings): Generator<Junction> {
  const mounts = new Set(settings.mounts);
  const open = (directory: MergedDirectory) => namesIn(reader, directory, settings.lists);
  const within = [{ path: '', names: open(reader.top()) }];
  for (let here = within.at(-1); here !== undefined; here = within.at(-1)) {
    const next = here.names.next();
    if (next.done) {
      within.pop();
      continue;
    }
    const { name, copies } = next.value;
    const path = joinBytes(here.path, name);
    if (mounts.has(path)) {
      yield { path, copies: copies.map(coveredByMount) };
      continue;
    }
    yield { path, copies };
    const directory = mergedOf(copies);
    if (directory.length > 0 && settings.enters(directory, path))
      within.push({ path, names: open(partsOf(directory)) });
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
  const open = (directory: Bytes) => [...reader.names({ layer, path: directory })].sort().values();
  const within = [{ path, names: open(path) }];
  for (let here = within.at(-1); here !== undefined; here = within.at(-1)) {
    const next = here.names.next();
    if (next.done) {
      within.pop();
      continue;
    }
    const inner = joinBytes(here.path, next.value);
    const isDirectory = reader.entry({ layer, path: inner })?.type === 'directory';
    yield { path: inner, isDirectory };
    if (isDirectory) within.push({ path: inner, names: open(inner) });
  }
}
