import type { ExtensionClass } from '../extension-class.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { findReleaseFile } from '../release/release-file.js';
import type { NamedRelease } from './wishes.js';

/**
 * Reads the release files of what is merged, from the merged tree: when extensions are taken off, their images may be
 * gone already. So call this while they are merged. Below the root, symlinks included.
 *
 * Only what is visible there counts: with other hierarchies than the usual ones the release files may not be merged
 * at all. A file that is missing or unreadable is no wish; images were judged by their own files before.
 *
 * @param root absolute path, free of symlinks
 * @returns sorted by name, each extension once
 */
export function readMergedReleases(
  root: string,
  hierarchies: readonly Hierarchy[],
  extensionClass: ExtensionClass,
): NamedRelease[] {
  const names = new Set(hierarchies.flatMap(({ merge }) => merge?.names ?? []));
  return [...names].sort().flatMap((name) => {
    const fields = readFields(root, name, extensionClass);
    return fields === null ? [] : [{ name, fields }];
  });
}

/**
 * Reads the release files of what is going to be merged, each from the extension itself.
 *
 * @param extensions whose files can be read at `root`
 */
export function readReleases(
  extensions: readonly { readonly name: string; readonly root: string }[],
  extensionClass: ExtensionClass,
): NamedRelease[] {
  return extensions.flatMap(({ name, root }) => {
    const fields = readFields(root, name, extensionClass);
    return fields === null ? [] : [{ name, fields }];
  });
}

function readFields(
  root: string,
  name: string,
  extensionClass: ExtensionClass,
): ReadonlyMap<string, string> | null {
  const release = findReleaseFile(root, name, extensionClass);
  if (release.kind === 'found') return release.fields;
  // Merged with --force, under a name that its release file does not have. If there is one file only, it is that.
  if (release.kind !== 'missing' || release.others.length !== 1) return null;
  const only = findReleaseFile(root, release.others[0]!, extensionClass);
  return only.kind === 'found' ? only.fields : null;
}
