import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { release } from 'node:os';
import { isInUserNamespace } from '../host/privileges.js';
import { isAtLeast, versionIn } from '../host/version.js';
import type { Step } from '../overlay/step.js';

/** Why the kernel probably refused an overlay; mount(2) itself only says EINVAL, ENODEV or EPERM. */
export type OverlayProblem =
  | { readonly kind: 'layer-vanished'; readonly extension: string; readonly path: string }
  | { readonly kind: 'no-overlayfs' }
  | { readonly kind: 'kernel-too-old'; readonly found: string; readonly wanted: string }
  | { readonly kind: 'nested'; readonly path: string }
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
export function diagnoseOverlay(step: Pick<MountOverlay, 'extensions' | 'host'>): OverlayProblem {
  const vanished = step.extensions.find(({ path }) => !existsSync(path));
  if (vanished !== undefined) return { kind: 'layer-vanished', ...vanished };
  if (!/\boverlay$/m.test(readFilesystems())) return { kind: 'no-overlayfs' };
  const problem = kernelProblem(release(), isInUserNamespace());
  if (problem !== null) return problem;
  const nested = [step.host, ...step.extensions.map(({ path }) => path)].find(isOnOverlay);
  return nested === undefined ? { kind: 'unknown' } : { kind: 'nested', path: nested };
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
