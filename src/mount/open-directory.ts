import type { Image } from '../images/image.js';
import type { OpenImage } from './open-extensions.js';

/** A directory extension, whose files can be read as they are. */
export function openDirectory(image: Image): OpenImage {
  return { image, name: image.name, root: image.path, record: null, parts: [], checks: [] };
}
