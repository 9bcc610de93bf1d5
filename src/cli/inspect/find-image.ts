import { realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { CLASSES } from '../../extension-class.js';
import { isMissing } from '../../host/root.js';
import { discoverImages } from '../../images/discover.js';
import type { Image } from '../../images/image.js';
import { imageNameOf, parseVersionedDirectoryName } from '../../images/image-name.js';
import { type Context, searchFor } from '../context.js';
import { NoSuchImageError } from './no-such-image.js';

/**
 * The image at a path; or, of a word without slash that is no file, the installed image of that name.
 *
 * @throws NoSuchImageError, the errors of stat(2) but "no such file"
 */
export function findImage(context: Context, word: string): Image {
  // realpath(3) of no word at all would be the working directory.
  const path = word === '' ? null : tryRealpath(word);
  if (path !== null) return describeImage(path, word);
  const installed = word.includes('/') ? undefined : discoverImages(searchFor(context)).images;
  const found = installed?.find(({ name }) => name === word);
  if (found === undefined) throw new NoSuchImageError(word, 'missing');
  return found;
}

function tryRealpath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function describeImage(path: string, word: string): Image {
  const status = statSync(path, { bigint: true });
  const type = status.isDirectory() ? 'directory' : status.isFile() ? 'file' : 'block';
  if (type === 'block' && !status.isBlockDevice()) throw new NoSuchImageError(word, 'no-image');
  const label = basename(path);
  return {
    kind: type === 'file' ? 'raw' : type,
    name: nameOf(path, type),
    path,
    entry: word,
    label,
    time: status.mtimeNs / 1000n,
    versions: null,
  };
}

/** As it would be called where it is: by its versioned directory, or by its own name. */
function nameOf(path: string, type: 'directory' | 'file' | 'block'): string {
  const file = basename(path);
  for (const { suffix } of Object.values(CLASSES)) {
    const versioned = parseVersionedDirectoryName(basename(dirname(path)), suffix);
    if (versioned !== null && file.startsWith(`${versioned.name}_`)) return versioned.name;
  }
  const suffix = Object.values(CLASSES).find((one) => file.replace(/\.raw$/, '').endsWith(one.suffix));
  return imageNameOf(file, type, suffix?.suffix ?? CLASSES.sysext.suffix) ?? file;
}
