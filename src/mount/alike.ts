import { chmodSync, chownSync, type Stats } from 'node:fs';
import { errorCode } from '../host/root.js';
import { copyLabel } from '../host/selinux.js';

/** SELinux is enforcing, and what was made could not be given the label of the host's directory. */
export class LabelError extends Error {
  constructor(
    readonly path: string,
    options: { cause: unknown },
  ) {
    super(`label of ${path}`, options);
  }
}

/** @throws LabelError where SELinux would keep confined programs from what was made; a wrong label elsewhere does no harm */
export function label(like: string, paths: readonly string[]): void {
  const outcome = copyLabel(like, paths);
  if (outcome.kind === 'failed' && outcome.enforcing) throw new LabelError(like, { cause: outcome.cause });
}

/** Gives a directory the mode and owner of another one. */
export function makeAlike(path: string, { mode, uid, gid }: Stats): void {
  try {
    if (uid !== process.geteuid?.() || gid !== process.getegid?.()) chownSync(path, uid, gid);
  } catch (error) {
    // In a user namespace the owner may have no number; what we make there is ours.
    if (!['EINVAL', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
  }
  // After chown(2), which takes set-user-ID and set-group-ID bits off.
  chmodSync(path, mode & 0o7777);
}
