import type { ExtensionClass } from '../extension-class.js';
import { isInitrd } from '../host/initrd.js';

/** A directory that images are looked for in. */
export interface SearchPlace {
  /** Below the root; need not exist. */
  readonly path: string;
  /**
   * `false` for what the boot loader has copied from the EFI system partition, where anybody with the disk in hand
   * can put files (systemd-stub(7)): such an image is held to a stricter policy (systemd-sysext(8), `--image-policy=`).
   */
  readonly trusted: boolean;
}

/**
 * Where images of a class are looked for in this root, the first place wins.
 *
 * @throws the errors of findBelow()
 */
export function searchPathOf(root: string, extensionClass: ExtensionClass): readonly SearchPlace[] {
  const paths = isInitrd(root) ? extensionClass.initrdSearchPath : extensionClass.searchPath;
  return paths.map((path) => ({ path, trusted: !path.startsWith('/.extra/') }));
}
