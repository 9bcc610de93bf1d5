import { findBelow } from './root.js';

/**
 * Whether a root is that of an initrd, which is told by its own release file (os-release(5), initrd-release).
 *
 * @throws the errors of findBelow()
 */
export function isInitrd(root: string): boolean {
  return findBelow(root, '/etc/initrd-release') !== null;
}
