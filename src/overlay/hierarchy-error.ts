/** A hierarchy that extensions want to be merged into cannot be the mount point of an overlay. */
export class HierarchyError extends Error {
  constructor(
    /** overlayfs takes no layer that is, or lies inside of, another one; mount(2) fails with ELOOP. */
    readonly kind: 'no-directory' | 'contains-extension' | 'same-directory' | 'extension-file',
    readonly hierarchy: string,
    /** The file, or the directory of the extension. */
    readonly path: string,
    /** Those it is about. */
    readonly extensions: readonly string[] = [],
  ) {
    super(`${hierarchy}: ${kind}`);
  }
}
