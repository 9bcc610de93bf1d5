import { insideRoot } from '../host/root.js';
import { type Image, isFile } from '../images/image.js';
import { parseOrigin, type SourceRecord } from '../overlay/origin.js';
import { factsOfRecord, type ImageFacts } from '../report/image-record.js';
import { type Context, readHierarchies } from './context.js';

/**
 * Tells of images what is in them. Of one that is merged it is what was recorded then, which says more; of another one
 * what can be read, which need not be much for somebody without privileges.
 */
export async function factsReader(
  context: Context,
  images: readonly Image[],
): Promise<(image: Image) => ImageFacts> {
  const { json, verbose } = context.commandLine;
  // What knows disk images is loaded where there is one, and it is shown what is in it.
  const isAsked = (json !== 'off' || verbose) && images.some(isFile);
  const files = isAsked ? await import('./file-facts.js') : null;
  let merged: ReadonlyMap<string, SourceRecord> | null = null;
  return (image) => {
    merged ??= recordsByPath(context);
    const record = merged.get(insideRoot(context.root, image.path));
    if (record !== undefined) return factsOfRecord(record);
    if (files !== null && isFile(image)) return files.fileFacts(image, context.root);
    return { version: image.versions?.winner?.version ?? null, ...DIRECTORY };
  };
}

function recordsByPath(context: Context): ReadonlyMap<string, SourceRecord> {
  const origins = readHierarchies(context).map(({ merge }) => parseOrigin(merge?.origin ?? ''));
  const sources = origins.flatMap((origin) => [...(origin?.extensions.values() ?? [])]);
  return new Map(sources.map((source) => [source.path, source]));
}

const DIRECTORY = {
  format: 'directory',
  partitions: [],
  protection: null,
  rootHash: null,
  loopDevices: [],
} as const;
