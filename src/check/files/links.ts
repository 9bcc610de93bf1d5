import { posix } from 'node:path';
import { type Finding, found } from '../finding.js';
import { type CheckedImage, isInHierarchy } from '../image.js';
import { isTooMuchToLookUp, lookUp } from '../merged-view.js';
import type { Entry } from '../tree.js';

/** Where symlinks lead when the image is merged. */
export function checkLinks(image: CheckedImage): Finding[] {
  const findings = image.tree.entries.flatMap((entry) =>
    entry.target !== null && isInHierarchy(image, entry.path) ? checkLink(image, entry, entry.target) : [],
  );
  return isTooMuchToLookUp(image)
    ? [...findings, found('too-many-entries', null, { what: 'links' })]
    : findings;
}

function checkLink(image: CheckedImage, { path, isUtf8 }: Entry, target: string): Finding[] {
  // Masks a unit, or switches something else off.
  if (target === '/dev/null' || !isUtf8 || target.includes('\ufffd')) return [];
  const directory = posix.dirname(path);
  const isAbsolute = target.startsWith('/');
  const leads = posix.join(isAbsolute ? '/' : directory, target);
  const findings: Finding[] = [];
  if (!isAbsolute && climbs(directory, target)) findings.push(found('link-out-of-image', path, { target }));
  if (isAbsolute && isInHierarchy(image, leads)) {
    const relative = posix.relative(directory, leads) || '.';
    findings.push(found('absolute-symlink', path, { target, relative }));
  }
  if (isTooMuchToLookUp(image)) return findings;
  const sight = lookUp(image, path);
  switch (sight.kind) {
    case 'loop':
      return [...findings, found('symlink-loop', path, { target })];
    case 'unmerged':
      return [...findings, found('link-to-unmerged', path, { target, leads: sight.path })];
    case 'missing':
      return [...findings, found('dangling-symlink', path, { target, missing: sight.path, host: 'known' })];
    case 'unknown':
      return [
        ...findings,
        found('dangling-symlink', path, { target, missing: sight.path, host: 'unknown' }, 'note'),
      ];
    default:
      return findings;
  }
}

/** Whether a relative target has more `..` than there are directories. */
function climbs(directory: string, target: string): boolean {
  let depth = directory.split('/').filter((part) => part !== '').length;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    depth += part === '..' ? -1 : 1;
    if (depth < 0) return true;
  }
  return false;
}
