/**
 * How a list of lower directories reaches the kernel. All of them stand in one option, `lowerdir=A:B:…`, and
 * mount(2) takes at most one page of options. Real paths are tried first, because they are what a person wants to
 * read in /proc/self/mountinfo; if they do not fit, or one has a character that would need escaping (mount(8)
 * splits at commas and knows quotes, overlayfs splits at colons and knows backslashes, and both changed over the
 * years), a symlink with a short name stands for it, given relative to the directory of the symlinks. The kernel
 * follows it once, while mounting. Five hundred layers, the kernel's limit, fit that way.
 */
export interface LowerDirectories {
  /** Value of `lowerdir=`. */
  readonly value: string;
  /** Symlinks to make in the working directory of mount(8): name to target. */
  readonly links: ReadonlyMap<string, string>;
}

/** overlayfs takes no more lower layers than this (fs/overlayfs/params.h, OVL_MAX_STACK). */
export const MAX_LAYERS = 500;

/** A page, less what the other options need. */
const ROOM = 3500;

const PLAIN = /^[A-Za-z0-9_/.~^+@=-]+$/;

/** Whether mount(8) and overlayfs read a path as it is, wherever it stands in the options. */
export function isPlainPath(path: string): boolean {
  return PLAIN.test(path) && Buffer.byteLength(path) <= ROOM / 8;
}

/** @param paths top layer first, absolute */
export function encodeLowerDirectories(paths: readonly string[]): LowerDirectories {
  const plain = abbreviate(paths, (path) => !PLAIN.test(path));
  return Buffer.byteLength(plain.value) <= ROOM ? plain : abbreviate(paths, () => true);
}

function abbreviate(paths: readonly string[], needsLink: (path: string) => boolean): LowerDirectories {
  const links = new Map<string, string>();
  const names = paths.map((path, index) => {
    if (!needsLink(path)) return path;
    links.set(String(index), path);
    return String(index);
  });
  return { value: names.join(':'), links };
}
