import type { ExtensionClass } from '../extension-class.js';
import type { HostRelease } from '../release/host-release.js';
import type { ReleaseFile } from '../release/release-file.js';
import type { Tree } from './tree.js';

/** An image that is open to be checked. */
export interface CheckedImage {
  /** Where its tree is: absolute path, free of symlinks. */
  readonly root: string;
  readonly name: string;
  /** Its version, if its file name or a versioned directory tells one. */
  readonly version: string | null;
  /** It is a directory, so its owners are perhaps not yet those that it will have. */
  readonly isDirectory: boolean;
  readonly extensionClass: ExtensionClass;
  /** The directories that are merged, as configured. */
  readonly hierarchies: readonly string[];
  readonly release: ReleaseFile;
  /** Those of the release file; none without one. */
  readonly fields: ReadonlyMap<string, string>;
  /** The system that it is checked against; `null` if there is none that it is made for. */
  readonly host: CheckedHost | null;
  readonly tree: Tree;
}

export interface CheckedHost {
  /** Absolute path, free of symlinks. */
  readonly root: string;
  readonly release: HostRelease;
}

/** Whether a path is in one of the directories that are merged. */
export function isInHierarchy({ hierarchies }: Pick<CheckedImage, 'hierarchies'>, path: string): boolean {
  return hierarchies.some((hierarchy) => path === hierarchy || path.startsWith(`${hierarchy}/`));
}
