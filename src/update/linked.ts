import { basename, dirname, join } from 'node:path';
import { findBelow, insideRoot, resolveNewBelow } from '../host/root.js';
import { compareVersions } from '../images/version-order.js';
import { linkPathOrNone, pointTo } from './install.js';
import { type Instance, isSameVersion, onePerVersion } from './instances.js';
import { listTarget } from './target-names.js';
import type { Target } from './transfer.js';
import type { Component } from './transfer-files.js';

/** A resource whose current version is what a symlink leads to (`CurrentSymlink=`, sysupdate.d(5)). */
interface LinkedResource {
  readonly target: Target;
  readonly instances: readonly Instance[];
}

/** Versions of which a symlink chooses one. */
export interface LinkedVersions {
  /** The newest first, each with its file, root in front. */
  readonly versions: readonly { readonly version: string; readonly path: string }[];
  /** Where the symlink leads; `null` if to none of them. */
  readonly current: string | null;
  /** All of the component: they go to one version together. */
  readonly resources: readonly LinkedResource[];
}

/** How the symlinks come to lead to an older version. */
export type LinkRollback =
  | { readonly kind: 'links'; readonly version: string }
  /** Nothing has to be done: they lead there already. */
  | { readonly kind: 'picked'; readonly version: string }
  | { readonly kind: 'none-older'; readonly version: string }
  | { readonly kind: 'no-such-version'; readonly version: string; readonly versions: readonly string[] };

/**
 * Looks whether an entry of a search directory is the symlink of a transfer file, and for the versions that this one keeps.
 *
 * @param image with the entry, root in front, and the file that it leads to
 * @param root absolute path, free of symlinks
 * @throws the errors of listTarget() and resolveNewBelow()
 */
export function findLinkedVersions(
  { entry, path }: { readonly entry: string; readonly path: string },
  components: readonly Component[],
  root: string,
): LinkedVersions | null {
  const link = join(resolveNewBelow(root, dirname(insideRoot(root, entry))), basename(entry));
  for (const { transfers } of components) {
    const targets = transfers.map(({ target }) => target).filter((one) => one.currentSymlink !== null);
    const own = targets.find((one) => linkPathOrNone(one, root) === link);
    if (own === undefined) continue;
    const resources = targets.map((target) => ({
      target,
      instances: onePerVersion(listTarget(root, target).instances),
    }));
    const fileOf = (instance: Instance) =>
      findBelow(root, join(own.path, instance.path)) ?? join(root, own.path, instance.path);
    const versions = resources
      .find(({ target }) => target === own)!
      .instances.filter(({ fields }) => resources.every((one) => instanceOf(one, fields.version)))
      .map((instance) => ({ version: instance.fields.version, path: fileOf(instance) }));
    const current = versions.find((one) => one.path === path)?.version ?? null;
    return versions.length === 0 ? null : { versions, current, resources };
  }
  return null;
}

/** @param wanted a version; `null` for the next older one, or the newest where the symlink leads elsewhere */
export function planLinkRollback({ versions, current }: LinkedVersions, wanted: string | null): LinkRollback {
  const isWanted = ({ version }: { readonly version: string }) =>
    wanted === null
      ? current === null || compareVersions(version, current) < 0
      : isSameVersion(version, wanted);
  const version = versions.find(isWanted)?.version;
  if (version !== undefined) return { kind: version === current ? 'picked' : 'links', version };
  return wanted === null
    ? { kind: 'none-older', version: current ?? '' }
    : { kind: 'no-such-version', version: wanted, versions: versions.map((one) => one.version) };
}

/** Lets the symlinks lead to one of the versions. @throws the errors of symlink(2) and rename(2) */
export function linkVersion({ resources }: LinkedVersions, version: string, root: string): void {
  for (const resource of resources) pointTo(resource.target, instanceOf(resource, version)!.path, root);
}

function instanceOf({ instances }: LinkedResource, version: string): Instance | undefined {
  return instances.find(({ fields }) => isSameVersion(fields.version, version));
}
