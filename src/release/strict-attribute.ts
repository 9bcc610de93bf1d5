import { readAttributes } from '../host/extended-attributes.js';

const ATTRIBUTE = 'user.extension-release.strict';

/** What systemd takes for *false*, in any case (systemd.syntax(7)). */
const FALSE_WORDS = new Set(['0', 'no', 'n', 'false', 'f', 'off']);

export interface StrictAttributes {
  /** Those of the files that may be taken under any image name: the attribute is set, and false. */
  notStrict: string[];
  /** getfattr(1) is not installed, so the attribute counts as unset everywhere. */
  getfattrMissing: boolean;
}

/**
 * Which of these files may be used for an image of another name (systemd-sysext(8), `user.extension-release.strict`).
 * Whatever goes wrong counts as *strict*: then the image is ignored, and nothing unintended is merged.
 *
 * @param files names in the directory; symlinks are not followed
 * @throws the error of execve(2), if getfattr(1) is installed but cannot be started
 */
export function readStrictAttributes(directory: string, files: readonly string[]): StrictAttributes {
  const values = readAttributes(directory, files, [ATTRIBUTE]);
  if (values === null) return { notStrict: [], getfattrMissing: true };
  return {
    notStrict: files.filter((file) => isFalse(values.get(file)?.get(ATTRIBUTE))),
    getfattrMissing: false,
  };
}

/** Some tools store the NUL byte that ends a C string; systemd does not mind, and neither do we. */
function isFalse(value: Buffer | undefined): boolean {
  return value !== undefined && FALSE_WORDS.has(value.toString('latin1').replace(/\0$/, '').toLowerCase());
}
