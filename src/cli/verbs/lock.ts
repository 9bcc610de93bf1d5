import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LockFileError, NotLockableError } from '../../lock-file/errors.js';
import { formatLock } from '../../lock-file/lock.js';
import { quoted } from '../../report/printable.js';
import { type Context, readHierarchies } from '../context.js';
import { readLiveLock } from '../lock/live-lock.js';
import { defaultLockFile } from '../lock/read-lock.js';

/** `lock`: writes down what is merged, with what by which another machine can tell that it has the same. */
export function lock(context: Context): number {
  const { commandLine, log, print } = context;
  const hierarchies = readHierarchies(context);
  if (hierarchies.every(({ merge }) => merge === null))
    throw new NotLockableError([{ kind: 'nothing-merged' }]);
  const { lock: live, untold } = readLiveLock(context, hierarchies);
  if (untold.length > 0) throw new NotLockableError(untold);
  const path = commandLine.lockFile.output ?? defaultLockFile(commandLine.extensionClass);
  if (path === '-') {
    print(formatLock(live));
    return 0;
  }
  write(path, formatLock(live));
  const { length } = live.extensions;
  log.info(`Wrote ${quoted(path)}: ${length} ${length === 1 ? 'extension' : 'extensions'}.`);
  return 0;
}

/** Who reads it meanwhile gets the old one or the new one, whole. @throws LockFileError */
function write(path: string, content: string): void {
  const file = resolve(path);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, content, { flag: 'wx' });
    renameSync(beside, file);
  } catch (cause) {
    rmSync(beside, { force: true });
    throw new LockFileError(path, { kind: 'unwritable' }, { cause });
  }
}
