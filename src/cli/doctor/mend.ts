import { rmdirSync } from 'node:fs';
import { findLeftovers, type Leftover } from '../../doctor/leftovers.js';
import { findWorkDirectories } from '../../doctor/work-directories.js';
import { errorCode } from '../../host/root.js';
import { removeWorkDirectory } from '../../overlay/work-directory.js';
import { describeError } from '../../report/errors.js';
import { type Context, readHierarchies } from '../context.js';
import { installPlaces, removeAbandoned } from '../install/change.js';
import { withSession } from '../session.js';

/**
 * Takes away what killed calls have left: with the lock of the root, as the next call that writes would do it, and what no
 * call cares for as well. What goes wrong is said, and shows in what is left afterwards.
 *
 * @returns what was left before and is no more
 * @throws NotPrivilegedError, NoProcError
 */
export async function mendLeftovers(context: Context): Promise<Leftover[]> {
  const before = leftoversOf(context);
  removeLooks(before);
  if (before.some(({ kind }) => kind !== 'look')) await mendWithLock(context);
  const after = new Set(leftoversOf(context).map(({ path }) => path));
  return before.filter(({ path }) => !after.has(path));
}

/** What of the root is left. */
export function leftoversOf(context: Context): readonly Leftover[] {
  const { root, hierarchies } = context;
  return findLeftovers(root, hierarchies, readHierarchies(context), installPlaces(context)).left;
}

/** Beginning a session recovers, and ending it removes the lock. */
async function mendWithLock(context: Context): Promise<void> {
  try {
    await withSession(context, () => {
      // Looked for anew: what was left of a killed call may have been undone, or be in use since.
      const { root, hierarchies } = context;
      const unused = findWorkDirectories(root, hierarchies, readHierarchies(context));
      for (const { path } of unused) removeWorkDirectory(path);
      removeAbandoned(context);
      return 0;
    });
  } catch (error) {
    const lines = describeError(error);
    if (lines === null) throw error;
    for (const line of lines) context.log.err(line);
  }
}

/** They are empty, else nobody's but whoever put something there. */
function removeLooks(left: readonly Leftover[]): void {
  for (const { kind, path } of left) {
    if (kind !== 'look') continue;
    try {
      rmdirSync(path);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }
}
