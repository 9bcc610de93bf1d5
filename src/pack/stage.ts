import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { walkTree } from '../check/tree.js';
import type { ExtensionClass } from '../extension-class.js';
import { errorCode, resolveNewBelow } from '../host/root.js';

/** The tree that becomes the image, while it is put together. */
export interface Stage {
  /** Its root directory; absolute path, free of symlinks. */
  readonly root: string;
  /** For files that are needed meanwhile. */
  readonly scratch: string;
  readonly extensionClass: ExtensionClass;
  /** Who is to have files outside of what is merged, by their paths, where that is not root. */
  readonly owners: Map<string, Owner>;
  /** What was done, or left undone, that the user may not expect. */
  readonly notes: PackNote[];
  close(): void;
}

export interface Owner {
  readonly user: number;
  readonly group: number;
}

export type PackNote =
  /** These are not in what an extension of the class is merged into. */
  | { readonly kind: 'left-out'; readonly source: string; readonly names: readonly string[] }
  /** Files of /etc or /var, moved to where an extension may have them. */
  | { readonly kind: 'factory'; readonly top: string; readonly count: number }
  /** Directories of /etc or /var, which have to be made. */
  | { readonly kind: 'directories'; readonly paths: readonly string[] }
  /** Scripts in /etc/init.d, in whose place there are units. */
  | { readonly kind: 'init-scripts'; readonly names: readonly string[] }
  /** Attributes that only root can set. */
  | { readonly kind: 'attributes-lost'; readonly names: readonly string[] }
  /** Debian packages whose scripts do something that nothing else does, and nobody runs them. */
  | { readonly kind: 'scripts'; readonly packages: string[] }
  /** What apt has downloaded. */
  | { readonly kind: 'packages'; readonly names: readonly string[] }
  | { readonly kind: 'owner'; readonly path: string };

/** @throws the errors of Node's file functions */
export function openStage(extensionClass: ExtensionClass): Stage {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-pack-')));
  const root = join(directory, 'tree');
  mkdirSync(root);
  chmodSync(root, 0o755);
  return {
    root,
    scratch: directory,
    extensionClass,
    owners: new Map(),
    notes: [],
    close: () => removeTree(directory),
  };
}

/**
 * Where something of the tree is, as a process would find it that has the tree as its root: a source may have symlinks that lead
 * out of it.
 *
 * @throws the errors of look-ups
 */
export function placeIn({ root }: Stage, path: string): string {
  return resolveNewBelow(root, path);
}

/** Writes a file of our own, in place of what is there. @throws the errors of Node's file functions */
export function writeIn(stage: Stage, path: string, content: string): void {
  const directory = placeIn(stage, dirname(path));
  mkdirSync(directory, { recursive: true });
  const place = join(directory, basename(path));
  rmSync(place, { force: true });
  writeFileSync(place, content, { flag: 'wx' });
}

/** Also of directories that nobody may write to, which only root can do as they are. @throws the errors of rm(1) */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (errorCode(error) !== 'EACCES') throw error;
    for (const entry of walkTree(path).entries)
      if (entry.type === 'directory') chmodSync(join(path, entry.path), 0o700);
    rmSync(path, { recursive: true, force: true });
  }
}

/** Top directories that an extension of the class is merged into, by their names. */
export function hierarchyNames({ hierarchies }: ExtensionClass): string[] {
  return hierarchies.map((hierarchy) => hierarchy.slice(1));
}
