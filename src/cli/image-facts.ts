import { accessSync, constants } from 'node:fs';
import { nativeArchitecture } from '../host/architecture.js';
import { insideRoot } from '../host/root.js';
import { formatOf } from '../images/dissection.js';
import { type Examination, examineImages } from '../images/examine.js';
import { type Image, isFile } from '../images/image.js';
import { parseOrigin, type SourceRecord } from '../overlay/origin.js';
import { factsOfRecord, type ImageFacts } from '../report/image-record.js';
import { type Context, readHierarchies } from './context.js';

/**
 * Tells of images what is in them. Of one that is merged it is what was recorded then, which says more; of another one
 * what can be read, which need not be much for somebody without privileges.
 *
 * @returns in the order of `images`
 */
export function readFacts(context: Context, images: readonly Image[]): ImageFacts[] {
  const merged = recordsByPath(context);
  const recordOf = ({ path }: Image) => merged.get(insideRoot(context.root, path));
  const files = images.filter((image) => isFile(image) && recordOf(image) === undefined);
  const examined = examineAll(files, context.root);
  return images.map((image) => {
    const record = recordOf(image);
    return record === undefined ? factsOf(image, examined.get(image) ?? null) : factsOfRecord(record);
  });
}

function recordsByPath(context: Context): ReadonlyMap<string, SourceRecord> {
  const origins = readHierarchies(context).map(({ merge }) => parseOrigin(merge?.origin ?? ''));
  const sources = origins.flatMap((origin) => [...(origin?.extensions.values() ?? [])]);
  return new Map(sources.map((source) => [source.path, source]));
}

function factsOf(image: Image, examined: Examination | null): ImageFacts {
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

/** Without what cannot be read, or is no image after all: that is for `merge` to complain of. */
function examineAll(images: readonly Image[], root: string): ReadonlyMap<Image, Examination> {
  const examine = (some: readonly Image[]) =>
    examineImages(some, root, nativeArchitecture()).flatMap(([image, found]) =>
      found.kind === 'examination' ? [[image, found] as const] : [],
    );
  const examineEach = (some: readonly Image[]) =>
    some.flatMap((image) => tryTo(() => examine([image])) ?? []);
  const readable = images.filter(({ path }) => isReadable(path));
  // If one cannot be examined after all, it is not to take the others with it.
  return new Map(tryTo(() => examine(readable)) ?? examineEach(readable));
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns `null` if it fails */
function tryTo<Result>(action: () => Result): Result | null {
  try {
    return action();
  } catch {
    return null;
  }
}
