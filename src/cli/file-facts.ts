import { accessSync, constants } from 'node:fs';
import { nativeArchitecture } from '../host/architecture.js';
import { formatOf } from '../images/dissection.js';
import { type Examination, examineImages } from '../images/examine.js';
import type { Image } from '../images/image.js';
import type { ImageFacts } from '../report/image-record.js';

/** Tells of image files what can be read of them. */
export function readFileFacts(files: readonly Image[], root: string): ReadonlyMap<Image, ImageFacts> {
  const examined = examineAll(files, root);
  return new Map(files.map((image) => [image, factsOf(image, examined.get(image) ?? null)]));
}

function factsOf({ versions }: Image, examined: Examination | null): ImageFacts {
  const dissection = examined?.dissection ?? null;
  const isDisk = dissection !== null && dissection.table !== null;
  const [source] = examined?.verity.values() ?? [];
  return {
    version: versions?.winner?.version ?? null,
    format: dissection && formatOf(dissection),
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
