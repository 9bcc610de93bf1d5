import type { Bytes } from '../host/bytes.js';
import { compareEntries } from './compare.js';
import type { ConflictKind } from './conflict-kind.js';
import type { LayerStack } from './layer.js';
import type { LayerReader } from './reader.js';
import { type Cover, type Judged, shownOf } from './rules.js';
import { walkMerged } from './walk.js';

/** Something that is in two layers, and what comes of it. */
export interface Conflict {
  readonly kind: ConflictKind;
  /** Below the hierarchy. */
  readonly path: Bytes;
  /** Whose copy is seen, or hides the other one; `null` for a mount. */
  readonly winner: Judged | null;
  readonly loser: Judged;
}

/**
 * All that layers do to each other below one hierarchy. Of a directory that is hidden as a whole only itself is told, not
 * what is in it.
 */
export function* findConflicts(reader: LayerReader, stack: LayerStack): Generator<Conflict> {
  const host = stack.layers.findIndex(({ owner }) => owner.kind === 'host');
  const junctions = walkMerged(reader, {
    // What only the host has is in nobody's way; what is in the lowest layer is found from above.
    lists: (layer) => layer !== host,
    enters: (directory) => directory.length > 1 || hasMountBelow(stack, directory[0]!.path),
    mounts: stack.mounts,
  });
  for (const { path, copies } of junctions) {
    for (const copy of copies) {
      const found = conflictOf(reader, path, copies, copy);
      if (found !== null) yield found;
    }
  }
}

function hasMountBelow({ mounts }: LayerStack, path: Bytes): boolean {
  return mounts.some((mount) => mount.startsWith(`${path}/`));
}

const KIND_OF_COVER: Readonly<Record<Exclude<Cover, 'file'>, ConflictKind>> = {
  directory: 'type',
  between: 'type',
  whiteout: 'whiteout',
  opaque: 'opaque',
  mount: 'mount',
};

function conflictOf(
  reader: LayerReader,
  path: Bytes,
  copies: readonly Judged[],
  copy: Judged,
): Conflict | null {
  const { fate, entry } = copy;
  if (fate.kind === 'merged') return compareDirectories(path, shownOf(copies)!, copy);
  // What says "not there" loses nothing.
  if (fate.kind !== 'hidden' || entry.type === 'whiteout') return null;
  const winner = copies.find(({ layer }) => layer === fate.by) ?? null;
  if (fate.cover !== 'file')
    return isEmptyMountPoint(reader, copy)
      ? null
      : { kind: KIND_OF_COVER[fate.cover], path, winner, loser: copy };
  const kind = compareFiles(reader, path, winner!, copy);
  return kind === null ? null : { kind, path, winner, loser: copy };
}

/** A directory that is there to be mounted on, and the host's, is not what somebody wanted to be seen. */
function isEmptyMountPoint(reader: LayerReader, { fate, entry, layer, path }: Judged): boolean {
  if (fate.kind !== 'hidden' || fate.cover !== 'mount') return false;
  if (reader.layers[layer]?.owner.kind === 'host') return true;
  return entry.type === 'directory' && reader.names({ layer, path }).next().done === true;
}

/** The directory that is seen has the mode and the owner of the top one. */
function compareDirectories(path: Bytes, winner: Judged, loser: Judged): Conflict | null {
  const [a, b] = [winner.entry, loser.entry];
  const isSame = a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
  return isSame ? null : { kind: 'mode', path, winner, loser };
}

function compareFiles(reader: LayerReader, path: Bytes, winner: Judged, loser: Judged): ConflictKind | null {
  try {
    const sides = [winner, loser].map((side) => ({ path: reader.pathOf(side), entry: side.entry }));
    const difference = compareEntries(sides[0]!, sides[1]!);
    return difference === 'content' ? kindOfPath(path) : difference;
  } catch (error) {
    reader.note(loser, error);
    return null;
  }
}

/** depmod(8) writes an index of all modules, so that of one layer does not know those of another one. */
const MODULE_INDEX = /(^|\/)lib\/modules\/[^/]+\/modules\.[^/]+$/;
const LIBRARY = /\.so(\.[0-9][^/]*)?$/;
/** systemd.unit(5) */
const UNIT =
  /(^|\/)systemd\/(system|user)\/[^/]+\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** Files whose other content means more than that of others. */
export function kindOfPath(path: Bytes): ConflictKind {
  if (MODULE_INDEX.test(path)) return 'modules';
  if (LIBRARY.test(path)) return 'library';
  return UNIT.test(path) ? 'unit' : 'content';
}
