import type { ExtensionClass } from '../extension-class.js';
import { errorCode, findBelow } from '../host/root.js';
import type { HostRelease } from './host-release.js';
import { findReleaseFile, type ReleaseFile } from './release-file.js';
import type { Mismatch, Verdict } from './verdict.js';

export type { Accepted, Mismatch, UnusedLevel, Verdict } from './verdict.js';

/**
 * Decides whether an image is an extension for this host.
 *
 * @param imageRoot the image's tree, mounted if it is a disk image; absolute path, free of symlinks
 * @param imageName checked, see checkImageName()
 * @param force accept in any case (`--force`); the verdict then says what was overridden
 * @returns never throws: what is wrong with an untrusted image is a value
 */
export function judgeImage(
  imageRoot: string,
  imageName: string,
  host: HostRelease,
  extensionClass: ExtensionClass,
  force: boolean,
): { verdict: Verdict; release: ReleaseFile } {
  const release = findReleaseFile(imageRoot, imageName, extensionClass);
  const verdict =
    checkForbidden(imageRoot, extensionClass) ??
    checkReleaseFile(release) ??
    matchRelease(release.kind === 'found' ? release.fields : new Map(), host, extensionClass);
  if (!force) return { verdict, release };
  const overridden = verdict.kind === 'accepted' ? {} : { overridden: verdict };
  return { verdict: { kind: 'accepted', rule: 'forced', ...overridden }, release };
}

/**
 * Compares the fields of an extension with a host, in the order of systemd (os-release(5), systemd-sysext(8)). An empty
 * value counts as not set, except for the scope: an empty list of scopes has none in it.
 */
export function matchRelease(
  extension: ReadonlyMap<string, string>,
  host: HostRelease,
  extensionClass: ExtensionClass,
): Verdict {
  const field = extensionClass.scopeField;
  const scopes = words(extension.get(field) ?? 'system portable');
  if (!scopes.includes(host.scope))
    return { kind: 'scope-mismatch', field, wanted: scopes, found: host.scope };

  const architecture = fieldOf(extension, 'ARCHITECTURE') ?? '_any';
  if (architecture !== '_any' && architecture !== host.architecture)
    return {
      kind: 'architecture-mismatch',
      field: 'ARCHITECTURE',
      wanted: architecture,
      found: host.architecture,
    };

  const found = host.fields.get('ID') ?? '';
  const wanted = fieldOf(extension, 'ID');
  if (wanted === null) return { kind: 'id-missing', field: 'ID', found };
  if (wanted === '_any') return { kind: 'accepted', rule: 'any' };
  const idLike = words(host.fields.get('ID_LIKE') ?? '');
  if (wanted !== found && !idLike.includes(wanted))
    return { kind: 'id-mismatch', field: 'ID', wanted, found, idLike };
  const rule = matchVersion(extension, host, extensionClass);
  if (typeof rule !== 'string') return rule;
  return { kind: 'accepted', rule, via: wanted === found ? 'ID' : 'ID_LIKE' };
}

/** The level decides if both sides have one, else the version; a host without both is a rolling release. */
function matchVersion(
  extension: ReadonlyMap<string, string>,
  host: HostRelease,
  { levelField }: ExtensionClass,
): 'rolling' | 'level' | 'version' | 'id' | Mismatch {
  const level = {
    field: levelField,
    extension: fieldOf(extension, levelField),
    host: fieldOf(host.fields, levelField),
  };
  const found = fieldOf(host.fields, 'VERSION_ID');
  if (found === null && level.host === null) return 'rolling';
  if (level.host !== null && level.extension !== null) {
    if (level.host === level.extension) return 'level';
    return { kind: 'level-mismatch', field: levelField, wanted: level.extension, found: level.host };
  }
  if (found === null) return 'id';
  const wanted = fieldOf(extension, 'VERSION_ID');
  if (wanted === null) return { kind: 'version-missing', field: 'VERSION_ID', found, level };
  if (wanted === found) return 'version';
  return { kind: 'version-mismatch', field: 'VERSION_ID', wanted, found, level };
}

function checkReleaseFile(release: ReleaseFile): Mismatch | null {
  switch (release.kind) {
    case 'found':
      return null;
    case 'missing':
      return { ...release, kind: 'no-release-file' };
    case 'ambiguous':
      return { ...release, kind: 'ambiguous-release-file' };
    case 'empty':
      return { kind: 'empty-release-file', path: release.path };
    case 'unreadable':
      return { ...release, kind: 'unreadable-release-file' };
  }
}

/** An image with an os-release file is a whole operating system, and would change what the host is. */
function checkForbidden(imageRoot: string, { forbidden }: ExtensionClass): Mismatch | null {
  if (forbidden === null) return null;
  const path = `/${forbidden}`;
  try {
    return findBelow(imageRoot, forbidden) === null ? null : { kind: 'forbidden-os-release', path };
  } catch (cause) {
    // A symlink that leads nowhere but in circles would still cover the host's file.
    if (errorCode(cause) === 'ELOOP') return { kind: 'forbidden-os-release', path };
    return { kind: 'unreadable-release-file', path, cause };
  }
}

function fieldOf(fields: ReadonlyMap<string, string>, field: string): string | null {
  return fields.get(field) || null;
}

function words(list: string): string[] {
  return list.split(/[ \t\r\n]+/).filter((word) => word !== '');
}
