import { chmodSync, chownSync, existsSync, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandFailedError, mustRun } from '../host/process.js';
import { findLostWhiteout } from '../host/whiteouts.js';
import { refuse } from './problem.js';

/** What lies beside an image without partition table and belongs to it (systemd.exec(5), `RootHash=`, `RootVerity=`). */
export const SIDECARS = ['.verity', '.roothash', '.roothash.p7s', '.usrhash', '.usrhash.p7s'] as const;

/** Those that an image has, paths. None of a directory. */
export function sidecarsOf(image: string): string[] {
  if (!image.endsWith('.raw')) return [];
  const stem = image.slice(0, -'.raw'.length);
  return SIDECARS.map((sidecar) => stem + sidecar).filter((path) => existsSync(path));
}

/**
 * Copies a file or directory with all that it has: owners, modes, extended attributes, hard links, holes. A file becomes one of
 * this user that everybody may read, as a downloaded one is.
 *
 * @param source free of symlinks
 * @param path must not exist, and is in a directory for it alone
 * @throws InstallError with what cp(1) said; CommandMissingError
 */
export function copyWhole(source: string, path: string): void {
  try {
    mustRun(['cp', '-a', '--', source, path]);
  } catch (cause) {
    if (!(cause instanceof CommandFailedError)) throw cause;
    const lost = lstatSync(source).isDirectory() ? findLostWhiteout(source, dirname(path)) : null;
    if (lost !== null) refuse({ kind: 'lost-mark', source, lost: { ...lost, place: dirname(lost.place) } });
    refuse({ kind: 'copy-failed', source, cause });
  }
  if (!lstatSync(path).isFile()) return;
  chownSync(path, process.geteuid?.() ?? 0, process.getegid?.() ?? 0);
  chmodSync(path, 0o644);
}
