import { join } from 'node:path';
import { hostArchitecture } from '../host/architecture.js';
import { readTextFile } from '../host/files.js';
import { isInitrd } from '../host/initrd.js';
import { findBelow } from '../host/root.js';
import { type ParsedRelease, parseRelease, type SyntaxProblem } from './os-release.js';

/** Where os-release(5) is, below a root; the first that exists counts. */
const PLACES = ['/etc/os-release', '/usr/lib/os-release'];

/** What extensions are matched against: an operating system tree and the kernel that runs it. */
export interface HostRelease {
  /** The file as it is known, with the root: `/mnt/etc/os-release`, also if that is a symlink. */
  path: string;
  fields: ReadonlyMap<string, string>;
  problems: SyntaxProblem[];
  /** An identifier of `ConditionArchitecture=`, from uname(2). */
  architecture: string;
  scope: 'system' | 'initrd';
}

/** Nothing can be matched: an extension is made for an operating system, and this tree does not say which it is. */
export class HostReleaseError extends Error {
  /** @param paths the files that were looked at, with the root */
  constructor(
    readonly kind: 'missing' | 'unreadable' | 'no-id',
    readonly paths: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`os-release ${kind}: ${paths.join(', ')}`, options);
  }
}

/**
 * Reads the release file of an operating system tree and what else extensions are matched against.
 *
 * @param root absolute path, free of symlinks
 * @param env `SYSTEMD_OS_RELEASE`: another path below the root, the only one that is then looked at
 * @throws HostReleaseError `missing`, `unreadable` (with the cause), or `no-id` if `ID=` is not set or empty
 */
export function readHostRelease(root: string, env: NodeJS.ProcessEnv): HostRelease {
  const named = env['SYSTEMD_OS_RELEASE'];
  const places = named === undefined ? PLACES : [named];
  for (const place of places) {
    const release = readAt(root, place);
    if (release === null) continue;
    const path = join(root, place);
    if (!release.fields.get('ID')) throw new HostReleaseError('no-id', [path]);
    return {
      path,
      ...release,
      architecture: hostArchitecture(),
      scope: isInitrd(root) ? 'initrd' : 'system',
    };
  }
  throw new HostReleaseError(
    'missing',
    places.map((place) => join(root, place)),
  );
}

function readAt(root: string, place: string): ParsedRelease | null {
  try {
    const file = findBelow(root, place);
    return file === null ? null : parseRelease(readTextFile(file));
  } catch (cause) {
    throw new HostReleaseError('unreadable', [join(root, place)], { cause });
  }
}
