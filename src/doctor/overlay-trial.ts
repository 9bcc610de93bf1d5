import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailedError, CommandMissingError, runCommand } from '../host/process.js';
import { diagnoseOverlay, isOnOverlay } from '../mount/diagnose.js';
import { escapeField } from '../mount/images.js';
import { mountProgram, NO_FILES } from '../mount/mount-program.js';
import { LOOK_PREFIX } from '../mount/state-directory.js';
import { isPlainPath } from '../overlay/lower-directories.js';
import type { FindingOf, Untried } from './finding.js';

type Outcome = FindingOf<'overlay'>['outcome'];

/**
 * Whether an overlay can be mounted over a directory: it is tried, because how many of them the kernel stacks, and what a
 * container allows, cannot be read anywhere. Only the mount(8) that tries it sees the mount, which is gone when it ends: it has
 * a mount namespace of its own (unshare(1)). As in a merge the layer above is in a tmpfs.
 *
 * @param path free of symlinks
 * @param reason not to try it at all
 */
export function tryOverlay(path: string, reason: Untried | null): Outcome {
  if (reason !== null) return { kind: 'untried', why: reason, cause: null };
  const at = mkdtempSync(join(realpathSync(tmpdir()), LOOK_PREFIX));
  try {
    if (!isPlainPath(path) || !isPlainPath(at)) return { kind: 'untried', why: 'odd-path', cause: null };
    return mountAt(at, path);
  } finally {
    rmdirSync(at);
  }
}

function mountAt(at: string, path: string): Outcome {
  const isBusybox = mountProgram() === 'busybox';
  const table = openTable(at, [
    ['sysext-memory', escapeField(at), 'tmpfs', 'mode=0700'],
    ['sysext-trial', escapeField(at), 'overlay', `ro,lowerdir=${at}:${path}`],
  ]);
  try {
    const own = ['unshare', '--mount', '--propagation=private', '--'];
    const mount = isBusybox ? overlayAlone(at, path) : ['mount', '-n', '-i', '-a', '-T', '/proc/self/fd/3'];
    const result = runCommand([...own, ...mount], { descriptors: [table], cwd: NO_FILES });
    if (result.status === 0) return { kind: 'mounted', onOverlay: isOnOverlay(path) };
    const cause = new CommandFailedError(result);
    if (result.stderr.startsWith('unshare:')) return { kind: 'untried', why: 'no-namespace', cause };
    return {
      kind: 'refused',
      problem: diagnoseOverlay({ extensions: [], host: path, hierarchy: path }),
      cause,
    };
  } catch (error) {
    if (error instanceof CommandMissingError) return { kind: 'untried', why: 'no-program', cause: null };
    throw error;
  } finally {
    closeSync(table);
  }
}

/**
 * The mount(8) of busybox passes over the second line, so the layer above cannot be in a tmpfs of its own. It is in some directory
 * instead that is not on an overlay, if there is one, so that the depth is that of the path.
 */
function overlayAlone(at: string, path: string): string[] {
  const above = [at, '/dev/shm', '/run', '/dev'].find((one) => existsSync(one) && !isOnOverlay(one)) ?? at;
  return ['mount', '-n', '-i', '-t', 'overlay', '-o', `ro,lowerdir=${above}:${path}`, 'sysext-trial', at];
}

/** A table for mount(8) that no name leads to any more: a trial that is killed leaves an empty directory. */
function openTable(directory: string, lines: readonly (readonly string[])[]): number {
  const path = join(directory, 'table');
  const descriptor = openSync(path, 'wx+', 0o600);
  rmSync(path);
  writeSync(descriptor, lines.map((fields) => `${fields.join(' ')} 0 0\n`).join(''), 0);
  return descriptor;
}
