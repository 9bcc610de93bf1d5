import type { Bytes } from '../host/bytes.js';
import type { LayerStack } from './layer.js';
import type { LayerReader } from './reader.js';
import type { Judged } from './rules.js';
import { walkMerged } from './walk.js';

/** What a layer does to the tree, in numbers. Directories are not counted, but those that are hidden. */
export interface Tally {
  /** Files that no layer below has. */
  readonly adds: number;
  /** Files and directories of layers below that it hides. */
  readonly hides: number;
  /** The first of them. */
  readonly hidden: readonly Bytes[];
  /** Its own that are not seen. */
  readonly lost: number;
}

/** How many names of what is hidden are kept. */
const NAMES = 5;

/** Counts for each layer, in the order of the stack; the host's are not counted, for it has too many. */
export function tallyLayers(reader: LayerReader, stack: LayerStack): Tally[] {
  const tallies = stack.layers.map(() => ({ adds: 0, hides: 0, hidden: [] as Bytes[], lost: 0 }));
  const host = stack.layers.findIndex(({ owner }) => owner.kind === 'host');
  const junctions = walkMerged(reader, {
    lists: (layer) => layer !== host,
    enters: (directory) => directory.some(({ layer }) => layer !== host),
    mounts: stack.mounts,
  });
  for (const { path, copies } of junctions) {
    const hiding = new Set<number>();
    for (const { layer, entry, fate } of copies) {
      if (fate.kind !== 'hidden' || entry.type === 'whiteout') continue;
      tallies[layer]!.lost += 1;
      if (fate.by !== null) hiding.add(fate.by);
    }
    for (const layer of hiding) {
      const tally = tallies[layer]!;
      tally.hides += 1;
      if (tally.hidden.length < NAMES) tally.hidden.push(path);
    }
    const added = copies.find((copy) => isSeenFile(copy) && !hiding.has(copy.layer));
    if (added !== undefined && added.layer !== host) tallies[added.layer]!.adds += 1;
  }
  return tallies;
}

function isSeenFile({ fate, entry }: Judged): boolean {
  return fate.kind === 'shown' && entry.type !== 'directory';
}
