/** A hierarchy that extensions want to be merged into cannot be the mount point of an overlay. */
export class HierarchyError extends Error {
  constructor(
    /** `contains-extension`: overlayfs takes no layer that lies inside of another one; mount(2) fails with ELOOP. */
    readonly kind: 'no-directory' | 'contains-extension',
    readonly hierarchy: string,
    /** The file, or the directory of the extension. */
    readonly path: string,
  ) {
    super(`${hierarchy}: ${kind}`);
  }
}
