import { nativeArchitecture } from '../host/architecture.js';
import { insideRoot } from '../host/root.js';
import { formatOf } from '../images/dissection.js';
import { type Examination, examineImage } from '../images/examine.js';
import { type Image, isFile } from '../images/image.js';
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
    return record === undefined ? readFacts(image, context.root) : factsOfRecord(record);
  };
}

function recordsByPath(context: Context): ReadonlyMap<string, SourceRecord> {
  const origins = readHierarchies(context).map(({ merge }) => parseOrigin(merge?.origin ?? ''));
  const sources = origins.flatMap((origin) => [...(origin?.extensions.values() ?? [])]);
  return new Map(sources.map((source) => [source.path, source]));
}

function readFacts(image: Image, root: string): ImageFacts {
  const examined = isFile(image) ? tryToExamine(image, root) : null;
  const dissection = examined?.dissection ?? null;
  const isDisk = dissection !== null && dissection.table !== null;
  const [source] = examined?.verity.values() ?? [];
  return {
    version: image.versions?.winner?.version ?? null,
    format: isFile(image) ? dissection && formatOf(dissection) : 'directory',
    partitions: isDisk ? dissection.parts.map(({ designator }) => designator) : [],
    protection: null,
    rootHash: source?.rootHash.toString('hex') ?? null,
    loopDevices: [],
  };
}

/** `null` for what cannot be read, or is no image after all: that is for `merge` to complain of. */
function tryToExamine(image: Image, root: string): Examination | null {
  try {
    const found = examineImage(image, root, nativeArchitecture());
    return found.kind === 'examination' ? found : null;
  } catch {
    return null;
  }
}
