import type { Untried } from '../../doctor/finding.js';
import type { CommandFailedError } from '../../host/process.js';
import { reasonOf } from '../reason.js';
import type { Said } from './words.js';

const WHY: Readonly<Record<Untried, { readonly why: string; readonly advice: string }>> = {
  'not-privileged': { why: 'this user may not mount', advice: 'run this as root, or with CAP_SYS_ADMIN' },
  'no-proc': { why: 'there is no /proc', advice: 'mount /proc, and run this again' },
  'no-program': { why: 'mount(8) or unshare(1) is missing', advice: 'install it, and run this again' },
  'no-namespace': {
    why: 'there could be made no mount namespace to try it in',
    advice: 'run this as root of the machine',
  },
  'odd-path': {
    why: 'its path has characters that would have to be escaped',
    advice: 'merge, which gets along with such paths',
  },
};

/** Why something could not be tried, and where it could. */
export function describeUntried(
  reason: Untried,
  cause: CommandFailedError | null,
): Pick<Said, 'found' | 'advice'> {
  const { why, advice } = WHY[reason];
  return { found: `not tried, because ${why}${cause === null ? '' : ` (${reasonOf(cause)})`}`, advice };
}
