import { walkTree } from '../check/tree.js';
import { type ExtendedAttributes, readAttributes } from '../host/extended-attributes.js';

/** Extended attributes that mean something in an image; others say how a source is stored, or are the machine's labels. */
const ATTRIBUTES = ['security.capability', 'trusted.overlay.opaque', 'user.extension-release.strict'];

/**
 * @param root of a tree
 * @returns by path in the tree, from its root on; nothing where getfattr(1) is missing
 * @throws CommandFailedError
 */
export function attributesIn(root: string): ExtendedAttributes {
  const files = walkTree(root).entries.flatMap(({ path, type }) => (type === 'symlink' ? [] : [`.${path}`]));
  // It tells `./a` as `a`.
  const found = readAttributes(root, files, ATTRIBUTES) ?? new Map();
  return new Map([...found].map(([file, values]) => [file.replace(/^(\.?\/)?/, '/'), values]));
}
