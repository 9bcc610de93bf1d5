import { release } from 'node:os';
import coerce from 'semver/functions/coerce.js';
import gte from 'semver/functions/gte.js';

/** Whether a version, with whatever a distribution has put behind it, is another one or later; not so if it is none. */
export function isAtLeast(found: string | null, wanted: string): boolean {
  const version = found === null ? null : coerce(found);
  return version !== null && gte(version, wanted);
}

/** Whether the kernel is of a version or later (uname(2)). */
export function isKernelAtLeast(wanted: string): boolean {
  return isAtLeast(release(), wanted);
}
