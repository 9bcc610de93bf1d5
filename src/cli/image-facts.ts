import { insideRoot } from '../host/root.js';
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
export async function readFacts(context: Context, images: readonly Image[]): Promise<ImageFacts[]> {
  const merged = recordsByPath(context);
  const recordOf = ({ path }: Image) => merged.get(insideRoot(context.root, path));
  const files = images.filter((image) => isFile(image) && recordOf(image) === undefined);
  const read = await readFiles(files, context.root);
  return images.map((image) => {
    const record = recordOf(image);
    return record === undefined ? (read.get(image) ?? factsOfDirectory(image)) : factsOfRecord(record);
  });
}

/** What knows disk images is loaded where there is one. */
async function readFiles(files: readonly Image[], root: string): Promise<ReadonlyMap<Image, ImageFacts>> {
  if (files.length === 0) return new Map();
  return (await import('./file-facts.js')).readFileFacts(files, root);
}

function recordsByPath(context: Context): ReadonlyMap<string, SourceRecord> {
  const origins = readHierarchies(context).map(({ merge }) => parseOrigin(merge?.origin ?? ''));
  const sources = origins.flatMap((origin) => [...(origin?.extensions.values() ?? [])]);
  return new Map(sources.map((source) => [source.path, source]));
}

function factsOfDirectory({ versions }: Image): ImageFacts {
  return {
    version: versions?.winner?.version ?? null,
    format: 'directory',
    partitions: [],
    protection: null,
    rootHash: null,
    loopDevices: [],
  };
}
