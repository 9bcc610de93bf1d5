import { nativeArchitecture } from '../host/architecture.js';
import { insideRoot } from '../host/root.js';
import { dissectFile } from '../images/dissect.js';
import { type Dissection, formatOf } from '../images/dissection.js';
import type { Image } from '../images/image.js';
import { rootHashFromUuids } from '../images/verity/root-hash.js';
import { parseOrigin, type SourceRecord } from '../overlay/origin.js';
import { factsOfRecord, type ImageFacts } from '../report/image-record.js';
import { type Context, readHierarchies } from './context.js';

/**
 * Tells of images what is in them. Of one that is merged it is what was recorded then, which says more; of another one
 * what can be read, which need not be much for somebody without privileges.
 */
export function factsReader(context: Context): (image: Image) => ImageFacts {
  let merged: ReadonlyMap<string, SourceRecord> | null = null;
  return (image) => {
    merged ??= recordsByPath(context);
    const record = merged.get(insideRoot(context.root, image.path));
    return record === undefined ? readFacts(image) : factsOfRecord(record);
  };
}

function recordsByPath(context: Context): ReadonlyMap<string, SourceRecord> {
  const origins = readHierarchies(context).map(({ merge }) => parseOrigin(merge?.origin ?? ''));
  const sources = origins.flatMap((origin) => [...(origin?.extensions.values() ?? [])]);
  return new Map(sources.map((source) => [source.path, source]));
}

function readFacts({ kind, path, versions }: Image): ImageFacts {
  const isDirectory = kind === 'directory' || kind === 'subvolume';
  const dissection = isDirectory ? null : tryToDissect(path);
  const isDisk = dissection !== null && dissection.table !== null;
  return {
    version: versions?.winner?.version ?? null,
    format: isDirectory ? 'directory' : dissection && formatOf(dissection),
    partitions: isDisk ? dissection.parts.map(({ designator }) => designator) : [],
    protection: null,
    rootHash: dissection && rootHashOf(dissection),
    loopDevices: [],
  };
}

/** `null` for what cannot be read, or is no image after all: that is for `merge` to complain of. */
function tryToDissect(path: string): Dissection | null {
  try {
    const found = dissectFile(path, { architecture: nativeArchitecture() });
    return found.kind === 'dissection' ? found : null;
  } catch {
    return null;
  }
}

function rootHashOf({ parts: [{ chosen }] }: Dissection): string | null {
  if (chosen === null || chosen.verity === null) return null;
  return rootHashFromUuids(chosen.data.uuid, chosen.verity.uuid)?.toString('hex') ?? null;
}
