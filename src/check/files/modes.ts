import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, found } from '../finding.js';
import { type CheckedImage, isInHierarchy } from '../image.js';
import type { Entry } from '../tree.js';

const SET_USER_ID = 0o4000;
const SET_GROUP_ID = 0o2000;
const STICKY = 0o1000;

/** Permission bits that let in whom they should not, or keep out whom they should not (inode(7)). */
export function checkModes(image: CheckedImage): Finding[] {
  return image.tree.entries
    .filter(({ path }) => isInHierarchy(image, path))
    .flatMap((entry) => checkMode(image, entry));
}

function checkMode(image: CheckedImage, entry: Entry): Finding[] {
  const { path, type, mode, uid, gid } = entry;
  const shown = { mode: mode.toString(8).padStart(4, '0') };
  const findings: Finding[] = [];
  if (type !== 'symlink' && mode & 0o002 && !(type === 'directory' && mode & STICKY))
    findings.push(found('writable-by-all', path, { ...shown, type }));
  if (type === 'file' && mode & (SET_USER_ID | SET_GROUP_ID) && mode & 0o111)
    findings.push(
      found('set-user-id', path, {
        ...shown,
        owner: `${uid}:${gid}`,
        bits: mode & SET_USER_ID ? 'user' : 'group',
        class: image.extensionClass.name,
      }),
    );
  if (type === 'directory' && (mode & 0o005) !== 0o005) {
    // In the overlay the directory of the uppermost layer lends its mode to all that is merged there.
    const host = modeOnHost(image, path);
    const closes = host !== null && (host & 0o005) === 0o005;
    const severity = closes ? 'error' : 'warning';
    findings.push(found('closed-directory', path, { ...shown, host: closes ? 'open' : 'unknown' }, severity));
  }
  return findings;
}

function modeOnHost({ host }: CheckedImage, path: string): number | null {
  if (host === null) return null;
  try {
    const status = lstatSync(join(host.root, path));
    return status.isDirectory() ? status.mode : null;
  } catch {
    return null;
  }
}
