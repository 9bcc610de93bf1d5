import type { ExtensionClass } from '../../extension-class.js';
import { findBelow } from '../../host/root.js';
import type { HostRelease } from '../../release/host-release.js';
import { matchRelease } from '../../release/matching.js';
import { type Finding, found } from '../finding.js';
import type { CheckedImage } from '../image.js';

/** In which field an extension is not made for a host, by the rules of a merge; `null` if it is, or says too little. */
export function mismatchOf(
  fields: ReadonlyMap<string, string>,
  host: HostRelease,
  extensionClass: ExtensionClass,
): { readonly field: string; readonly wanted: string; readonly found: string } | null {
  const verdict = matchRelease(fields, host, extensionClass);
  switch (verdict.kind) {
    case 'scope-mismatch':
      return { field: verdict.field, wanted: verdict.wanted.join(' '), found: verdict.found };
    case 'architecture-mismatch':
    case 'id-mismatch':
    case 'level-mismatch':
    case 'version-mismatch':
      return { field: verdict.field, wanted: verdict.wanted, found: verdict.found };
    case 'version-missing':
      return { field: verdict.field, wanted: '', found: verdict.found };
    default:
      return null;
  }
}

/** Whether it fits the host that it is checked against. */
export function checkFit({ release, fields, host, extensionClass }: CheckedImage): Finding[] {
  if (release.kind !== 'found' || host === null) return [];
  const mismatch = mismatchOf(fields, host.release, extensionClass);
  return mismatch === null ? [] : [found('does-not-fit-host', release.path, mismatch)];
}

/** An os-release file in it would change what the host is; for system extensions nothing is merged then. */
export function checkOsRelease({ root, extensionClass }: CheckedImage): Finding[] {
  const path = extensionClass.forbidden ?? 'etc/os-release';
  const severity = extensionClass.forbidden === null ? 'warning' : 'error';
  try {
    return findBelow(root, path) === null ? [] : [found('os-release-inside', `/${path}`, {}, severity)];
  } catch {
    // A symlink that runs in circles covers the host's file as well.
    return [found('os-release-inside', `/${path}`, {}, severity)];
  }
}
