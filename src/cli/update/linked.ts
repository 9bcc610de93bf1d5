import type { Image } from '../../images/image.js';
import { HostReleaseError, readHostRelease } from '../../release/host-release.js';
import { hostValues } from '../../update/host-values.js';
import { findLinkedVersions, type LinkedVersions } from '../../update/linked.js';
import { type Component, readComponents } from '../../update/transfer-files.js';
import type { Context } from '../context.js';

/**
 * Makes what looks for the versions beside an image to which a symlink leads, as transfer files keep them. They are read when the
 * first image asks for them.
 *
 * @returns `null` for an image whose symlink belongs to none
 */
export function linkedVersionsFinder(context: Context): (image: Image) => LinkedVersions | null {
  let components: readonly Component[] | null = null;
  return (image) => {
    if (image.versions !== null || image.kind !== 'raw') return null;
    components ??= componentsOf(context);
    return findLinkedVersions(image, components, context.root);
  };
}

/** Without an os-release file specifiers would stand for nothing; and nothing could be merged. */
function componentsOf({ root, env }: Context): readonly Component[] {
  try {
    return readComponents(root, hostValues(root, readHostRelease(root, env).fields, env));
  } catch (error) {
    if (error instanceof HostReleaseError) return [];
    throw error;
  }
}
