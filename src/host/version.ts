import { createRequire } from 'node:module';
import { release } from 'node:os';

interface Semver {
  readonly coerce: typeof import('semver/functions/coerce.js');
  readonly gte: typeof import('semver/functions/gte.js');
}

let loaded: Semver | null = null;

/** Loaded when versions are compared, which few calls do. For the plain `require` see crypto.ts. */
function semver(): Semver {
  loaded ??= load();
  return loaded;
}

function load(): Semver {
  if (typeof require === 'function')
    return { coerce: require('semver/functions/coerce.js'), gte: require('semver/functions/gte.js') };
  const find = createRequire(import.meta.url);
  return { coerce: find('semver/functions/coerce.js'), gte: find('semver/functions/gte.js') };
}

/** The version in what a program or the kernel says, `6.18.5` of `6.18.5-cloud`; `null` if there is none. */
export function versionIn(text: string): string | null {
  return semver().coerce(text)?.version ?? null;
}

/** Whether a version, with whatever a distribution has put behind it, is another one or later; not so if it is none. */
export function isAtLeast(found: string | null, wanted: string): boolean {
  const version = found === null ? null : versionIn(found);
  return version !== null && semver().gte(version, wanted);
}

/** Whether the kernel is of a version or later (uname(2)). */
export function isKernelAtLeast(wanted: string): boolean {
  return isAtLeast(release(), wanted);
}
