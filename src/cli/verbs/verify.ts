import { compareLocks } from '../../lock-file/difference.js';
import { type Verification, verificationReport, verificationStatus } from '../../report/lock/verification.js';
import { type Context, readHierarchies } from '../context.js';
import { readLiveLock } from '../lock/live-lock.js';
import { defaultLockFile, readLock } from '../lock/read-lock.js';

/**
 * `verify`: whether what is merged is what a lock file says. Reads only.
 *
 * @returns 0 if it is, 1 if not, 2 if that cannot be told
 */
export function verify(context: Context): number {
  const { commandLine, print } = context;
  const { extensionClass, json, lockFile } = commandLine;
  const path = lockFile.lock ?? defaultLockFile(extensionClass);
  const wanted = readLock(path, extensionClass);
  const { lock: found, untold } = readLiveLock(context, readHierarchies(context));
  // Of a merge by another program there is nothing to compare but the names.
  const isForeign = untold.some(({ kind }) => kind === 'foreign-record');
  const names = isForeign
    ? found.extensions.map(({ name }) => name)
    : untold.flatMap((reason) => ('name' in reason ? [reason.name] : []));
  const differences = compareLocks(
    wanted,
    isForeign ? { ...found, mutable: wanted.mutable } : found,
    new Set(names),
  );
  const verification: Verification = { path, wanted, differences, untold };
  print(verificationReport(verification, json));
  return verificationStatus(verification);
}
