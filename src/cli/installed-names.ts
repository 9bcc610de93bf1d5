import { errorCode } from '../host/root.js';
import { discoverImages } from '../images/discover.js';
import { type Context, searchFor } from './context.js';

/** Names of all images that are installed; none where a search directory cannot be read: that is for `list` to complain of. */
export function installedNames(context: Context): string[] {
  try {
    return discoverImages(searchFor(context)).images.map(({ name }) => name);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return [];
  }
}
