import type { Protection, SourceRecord } from '../overlay/origin.js';

/** What there is to tell of an image beside name and path. */
export interface ImageFacts {
  /** The version that was chosen of several, if it comes from a versioned directory. */
  readonly version: string | null;
  /** `directory`, `gpt`, the type of the file system or volume that is the whole image; `null` if that is not known. */
  readonly format: string | null;
  readonly partitions: readonly string[];
  /** What is in force; `null` for a directory, and while the image is not merged. */
  readonly protection: Protection | null;
  readonly rootHash: string | null;
  readonly loopDevices: readonly string[];
}

/** The columns of {@link imageCells}. */
export const IMAGE_COLUMNS = ['VERSION', 'FORMAT', 'PARTITION', 'PROTECTION', 'ROOT HASH', 'LOOP DEVICE'];

/** As cells of a table. @param facts `null` if nothing is known */
export function imageCells(facts: ImageFacts | null): string[] {
  if (facts === null) return IMAGE_COLUMNS.map(() => '-');
  const list = (words: readonly string[]) => words.join(',') || '-';
  return [
    facts.version ?? '-',
    facts.format ?? '-',
    list(facts.partitions),
    facts.protection ?? '-',
    facts.rootHash ?? '-',
    list(facts.loopDevices),
  ];
}

/** Of an image that is merged. */
export function factsOfRecord({ version, image }: SourceRecord): ImageFacts {
  return {
    version,
    format: image?.format ?? 'directory',
    partitions: image?.partitions ?? [],
    protection: image?.protection ?? null,
    rootHash: image?.rootHash ?? null,
    loopDevices: image?.loopDevices ?? [],
  };
}
