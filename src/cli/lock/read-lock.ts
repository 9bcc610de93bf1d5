import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExtensionClass } from '../../extension-class.js';
import { readTextFile } from '../../host/files.js';
import { LockFileError } from '../../lock-file/errors.js';
import { type Lock, parseLock } from '../../lock-file/lock.js';

/** The lock file of a class in the working directory. */
export function defaultLockFile({ name }: ExtensionClass): string {
  return `${name}.lock`;
}

/** @param path from where the user is, not below the root @throws LockFileError */
export function readLock(path: string, extensionClass: ExtensionClass): Lock {
  const lock = parseLock(readText(path));
  if ('kind' in lock) throw new LockFileError(path, lock);
  if (lock.class !== extensionClass.name)
    throw new LockFileError(path, { kind: 'other-class', found: lock.class });
  return lock;
}

function readText(path: string): string {
  try {
    return readTextFile(realpathSync(resolve(path)));
  } catch (cause) {
    throw new LockFileError(path, { kind: 'unreadable' }, { cause });
  }
}
