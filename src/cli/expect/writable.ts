import { accessSync, constants } from 'node:fs';
import type { Assertion } from '../../expect/assertion.js';
import { isReadOnlyMount } from '../../host/read-only.js';
import { errorCode, findBelow } from '../../host/root.js';
import { type Evaluation, verdictOf } from './evaluation.js';
import type { LiveState } from './live-state.js';

/**
 * Whether what is at a path can be written to, whoever may do that. access(2) asks the kernel without changing anything, and is
 * told of a read-only mount (`EROFS`) before anything is said of who may do what; of a user who may not write there, the mount
 * table tells.
 */
export function findWritable(
  { path, wanted }: Extract<Assertion, { kind: 'writable' }>,
  { context: { root } }: LiveState,
): Evaluation {
  try {
    const real = findBelow(root, path);
    if (real === null) return { verdict: 'fails', found: { kind: 'absent', path } };
    const value = isWritable(real);
    return { verdict: verdictOf(value === wanted), found: { kind: 'writable', path, value } };
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ELOOP') throw error;
    return { verdict: 'untold', found: { kind: 'forbidden', path, code } };
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EROFS') return false;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    return !isReadOnlyMount(path);
  }
}
