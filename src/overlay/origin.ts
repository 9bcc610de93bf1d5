import type { FileIdentity } from '../host/device.js';

/** Where one merged extension came from. */
export interface Source {
  readonly name: string;
  /** Path below the root. */
  readonly path: string;
  readonly identity: FileIdentity;
}

/**
 * The content of `origin`: what a later refresh compares to know whether anything changed. The outline is the
 * original's; the identity of a file is our own, because file handles and unique mount ids are out of reach here.
 * Either program takes the other's record as "something changed", and refreshes.
 *
 * 64-bit numbers are written as strings: JSON readers round larger ones.
 */
export function formatOrigin(sources: readonly Source[], mountOptions: string | null): string {
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
  const options = mountOptions === null ? {} : { mountOptions };
  return `${JSON.stringify({ mutable: { mode: 'no' }, ...options, extensions }, null, '\t')}\n`;
}
