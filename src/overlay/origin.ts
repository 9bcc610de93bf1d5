import type { FileIdentity } from '../host/device.js';
import type { MutableMode } from './mutable.js';

/** Where one merged extension came from. */
export interface Source {
  readonly name: string;
  /** Path below the root. */
  readonly path: string;
  readonly identity: FileIdentity;
}

/** How the merge is writable. */
export interface WritingRecord {
  readonly mode: MutableMode;
  /** Write directories that take part, below the root, by hierarchy. */
  readonly directories: ReadonlyMap<string, string>;
}

/**
 * The content of `origin`: what a later refresh compares to know whether anything changed. The outline is the
 * original's; the identity of a file is our own, because file handles and unique mount ids are out of reach here.
 * Either program takes the other's record as "something changed", and refreshes.
 *
 * 64-bit numbers are written as strings: JSON readers round larger ones.
 */
export function formatOrigin(
  writing: WritingRecord,
  sources: readonly Source[],
  mountOptions: string | null,
): string {
  const extensions = Object.fromEntries(
    sources.map(({ name, path, identity }) => [
      name,
      {
        path,
        device: identity.device,
        inode: identity.inode.toString(),
        crtime: identity.created.toString(),
        mtime: identity.modified.toString(),
      },
    ]),
  );
  const directories =
    writing.directories.size === 0 ? {} : { mutableDirs: Object.fromEntries(writing.directories) };
  const mutable = { mode: writing.mode, ...directories };
  const options = mountOptions === null ? {} : { mountOptions };
  return `${JSON.stringify({ mutable, ...options, extensions }, null, '\t')}\n`;
}
