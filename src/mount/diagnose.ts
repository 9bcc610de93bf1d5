import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';
import { mountsBelow, readMountTable } from '../host/mount-table.js';
import { isInUserNamespace } from '../host/privileges.js';
import { isAtLeast, versionIn } from '../host/version.js';
import type { Step } from '../overlay/step.js';

/** Why the kernel probably refused an overlay; mount(2) itself only says EINVAL, ENODEV or EPERM. */
export type OverlayProblem =
  | { readonly kind: 'layer-vanished'; readonly extension: string; readonly path: string }
  | { readonly kind: 'no-overlayfs' }
  | { readonly kind: 'kernel-too-old'; readonly found: string; readonly wanted: string }
  /** These are on an overlay, which may be on another one. */
  | { readonly kind: 'nested'; readonly paths: readonly string[] }
  /** In a user namespace nobody may look under a mount that was made outside of it, so what is around it cannot be a layer. */
  | { readonly kind: 'locked-mount'; readonly path: string; readonly mount: string }
  | { readonly kind: 'unknown' };

/** The overlay of a hierarchy could not be mounted. The cause is a MountFailedError. */
export class OverlayFailedError extends Error {
  constructor(
    readonly hierarchy: string,
    readonly problem: OverlayProblem,
    options: { cause: unknown },
  ) {
    super(`overlay for ${hierarchy}`, options);
  }
}

type MountOverlay = Extract<Step, { kind: 'mount-overlay' }>;

/** Since this version the owner of a user namespace may mount overlays in it (Linux commit 459c7c565ac3). */
const UNPRIVILEGED_OVERLAY = '5.11.0';

/** statfs(2), `f_type` of overlayfs. */
const OVERLAYFS_SUPER_MAGIC = 0x794c7630;

/** Looks for the reason after the fact. The order is from certain to likely. */
export function diagnoseOverlay(
  step: Pick<MountOverlay, 'extensions' | 'host' | 'hierarchy'>,
): OverlayProblem {
  const vanished = step.extensions.find(({ path }) => !existsSync(path));
  if (vanished !== undefined) return { kind: 'layer-vanished', ...vanished };
  if (!/\boverlay$/m.test(readFilesystems())) return { kind: 'no-overlayfs' };
  const problem = kernelProblem(release(), isInUserNamespace());
  if (problem !== null) return problem;
  const locked = isInUserNamespace() ? mountsBelow(readMountTable(), step.host).at(0) : undefined;
  if (locked !== undefined) return { kind: 'locked-mount', path: step.host, mount: locked.path };
  const places = step.extensions.map(({ path }) => placeOf(path, step.hierarchy));
  const nested = [...new Set([step.host, ...places])].filter(isOnOverlay);
  return nested.length === 0 ? { kind: 'unknown' } : { kind: 'nested', paths: nested };
}

/** The directory that an extension is in: `/var/lib/extensions` for `/var/lib/extensions/a/usr`. */
function placeOf(path: string, hierarchy: string): string {
  return path.endsWith(hierarchy) ? dirname(path.slice(0, -hierarchy.length)) : path;
}

/** Whether a kernel is too old to mount overlays at all. @param kernel as uname(2) has its release */
export function kernelProblem(
  kernel: string,
  inUserNamespace: boolean,
): Extract<OverlayProblem, { kind: 'kernel-too-old' }> | null {
  if (!inUserNamespace) return null;
  const found = versionIn(kernel);
  if (found === null || isAtLeast(found, UNPRIVILEGED_OVERLAY)) return null;
  return { kind: 'kernel-too-old', found, wanted: UNPRIVILEGED_OVERLAY };
}

/** /proc/filesystems; without it nothing is claimed. */
function readFilesystems(): string {
  try {
    return readFileSync('/proc/filesystems', 'utf8');
  } catch {
    return 'overlay';
  }
}

/** Whether a directory is on an overlay itself, which takes one of the two that the kernel stacks. */
export function isOnOverlay(path: string): boolean {
  return existsSync(path) && statfsSync(path).type === OVERLAYFS_SUPER_MAGIC;
}
