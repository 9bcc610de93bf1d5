import type { ExtensionClass } from '../../extension-class.js';
import type { LockedHost } from '../../lock-file/lock.js';
import type { HostRelease } from '../../release/host-release.js';

/** What of a host makes it another one for its extensions. */
export function identifyHost(
  { fields, architecture }: HostRelease,
  { levelField }: ExtensionClass,
): LockedHost {
  return {
    id: fields.get('ID') ?? null,
    versionId: fields.get('VERSION_ID') ?? null,
    level: fields.get(levelField) ?? null,
    architecture,
  };
}
