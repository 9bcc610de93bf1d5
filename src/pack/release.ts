import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../host/files.js';
import { parseRelease } from '../release/os-release.js';
import { releaseText } from '../release/write-release.js';
import { PackError } from './problem.js';
import { placeIn, type Stage, writeIn } from './stage.js';

const PREFIX = 'extension-release.';

/** Fields that say for which system an extension is; without one it fits none. */
const SYSTEM = 'ID';

/**
 * Writes the release file: what those of the sources say, and the fields that were asked for in place of theirs. It gets the
 * name of the image, so that the image is found to be what it is.
 *
 * @param fields in the order in which they are to stand; an empty value takes a field out
 * @returns all fields
 * @throws PackError, ReleaseFieldError, the errors of readTextFile()
 */
export function writeRelease(
  stage: Stage,
  name: string,
  fields: ReadonlyMap<string, string>,
): Map<string, string> {
  const { releaseDirectory } = stage.extensionClass;
  const all = readOld(placeIn(stage, releaseDirectory), name);
  for (const [field, value] of fields) {
    if (value === '') all.delete(field);
    else all.set(field, value);
  }
  if (!all.get(SYSTEM)) throw new PackError({ kind: 'no-fields' });
  writeIn(stage, join(releaseDirectory, PREFIX + name), releaseText(all));
  return all;
}

/** The only release file, or else that of the image's name; it is removed, as are the others. */
function readOld(directory: string, name: string): Map<string, string> {
  const files = existsSync(directory)
    ? readdirSync(directory)
        .filter((file) => file.startsWith(PREFIX))
        .sort()
    : [];
  const own = files.length === 1 ? files[0] : files.find((file) => file === PREFIX + name);
  if (files.length > 0 && own === undefined)
    throw new PackError({ kind: 'several-release-files', names: files });
  const fields =
    own === undefined ? new Map() : new Map(parseRelease(readTextFile(join(directory, own))).fields);
  for (const file of files) rmSync(join(directory, file));
  return fields;
}
