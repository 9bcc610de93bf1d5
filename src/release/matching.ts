import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { errorCode, findBelow } from '../host/root.js';
import type { Check } from './check.js';
import type { HostRelease } from './host-release.js';
import { findReleaseFile, type ReleaseFile } from './release-file.js';
import type { Mismatch, Verdict } from './verdict.js';

export type { Accepted, Mismatch, UnusedLevel, Verdict } from './verdict.js';

/** Whether an image is an extension for a host, and what that follows from. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly release: ReleaseFile;
  /** Comparisons with the host, in the order in which they are made, up to the one that decides; none if it did not come to that. */
  readonly checks: readonly Check[];
}

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
): Judgement {
  const release = findReleaseFile(imageRoot, imageName, extensionClass);
  const broken = checkForbidden(imageRoot, extensionClass) ?? checkReleaseFile(release);
  const fields = release.kind === 'found' ? release.fields : new Map<string, string>();
  const { verdict, checks } =
    broken === null ? traceRelease(fields, host, extensionClass) : { verdict: broken, checks: [] };
  if (!force) return { verdict, release, checks };
  const overridden = verdict.kind === 'accepted' ? {} : { overridden: verdict };
  return { verdict: { kind: 'accepted', rule: 'forced', ...overridden }, release, checks };
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
  const comparison = compareRelease(extension, host, extensionClass);
  let step = comparison.next();
  while (!step.done) step = comparison.next();
  return step.value;
}

/** The same, with every comparison that leads to the verdict. */
export function traceRelease(
  extension: ReadonlyMap<string, string>,
  host: HostRelease,
  extensionClass: ExtensionClass,
): { readonly verdict: Verdict; readonly checks: readonly Check[] } {
  const comparison = compareRelease(extension, host, extensionClass);
  const checks: Check[] = [];
  let step = comparison.next();
  while (!step.done) {
    checks.push(step.value);
    step = comparison.next();
  }
  return { verdict: step.value, checks };
}

function* compareRelease(
  extension: ReadonlyMap<string, string>,
  host: HostRelease,
  extensionClass: ExtensionClass,
): Generator<Check, Verdict> {
  const scope = extensionClass.scopeField;
  const listed = extension.get(scope);
  const scopes = words(listed ?? 'system portable');
  const inScope = scopes.includes(host.scope);
  const rule = inScope ? (listed === undefined ? 'default-scope' : 'listed') : 'not-listed';
  yield { check: 'scope', field: scope, extension: listed ?? null, host: host.scope, rule, passed: inScope };
  if (!inScope) return { kind: 'scope-mismatch', field: scope, wanted: scopes, found: host.scope };

  const architecture = fieldOf(extension, 'ARCHITECTURE');
  const anywhere = architecture === null || architecture === '_any';
  const sameArchitecture = architecture === host.architecture;
  yield {
    check: 'architecture',
    field: 'ARCHITECTURE',
    extension: architecture,
    host: host.architecture,
    rule: architecture === null ? 'not-set' : anywhere ? 'any' : sameArchitecture ? 'same' : 'other',
    passed: anywhere || sameArchitecture,
  };
  if (!anywhere && !sameArchitecture)
    return {
      kind: 'architecture-mismatch',
      field: 'ARCHITECTURE',
      wanted: architecture,
      found: host.architecture,
    };

  const found = host.fields.get('ID') ?? '';
  const wanted = fieldOf(extension, 'ID');
  const idLike = words(host.fields.get('ID_LIKE') ?? '');
  const id = { check: 'id', field: 'ID', extension: wanted, host: found } as const;
  if (wanted === null) {
    yield { ...id, rule: 'missing', passed: false };
    return { kind: 'id-missing', field: 'ID', found };
  }
  if (wanted === '_any') {
    yield { ...id, rule: 'any', passed: true };
    return { kind: 'accepted', rule: 'any' };
  }
  const isLike = wanted !== found && idLike.includes(wanted);
  if (wanted !== found && !isLike) {
    yield { ...id, rule: 'other', passed: false };
    return { kind: 'id-mismatch', field: 'ID', wanted, found, idLike };
  }
  yield { ...id, rule: isLike ? 'like' : 'same', passed: true };
  const version = yield* compareVersion(extension, host, extensionClass);
  if (typeof version !== 'string') return version;
  return { kind: 'accepted', rule: version, via: isLike ? 'ID_LIKE' : 'ID' };
}

/** The level decides if both sides have one, else the version; a host without both is a rolling release. */
function* compareVersion(
  extension: ReadonlyMap<string, string>,
  host: HostRelease,
  { levelField }: ExtensionClass,
): Generator<Check, 'rolling' | 'level' | 'version' | 'id' | Mismatch> {
  const level = {
    field: levelField,
    extension: fieldOf(extension, levelField),
    host: fieldOf(host.fields, levelField),
  };
  const found = fieldOf(host.fields, 'VERSION_ID');
  const wanted = fieldOf(extension, 'VERSION_ID');
  const version = { check: 'version', field: 'VERSION_ID', extension: wanted, host: found } as const;
  if (found === null && level.host === null) {
    yield { ...version, rule: 'rolling', passed: true };
    return 'rolling';
  }
  if (level.host !== null && level.extension !== null) {
    const isSame = level.host === level.extension;
    yield { check: 'level', ...level, rule: isSame ? 'same' : 'other', passed: isSame };
    if (isSame) return 'level';
    return { kind: 'level-mismatch', field: levelField, wanted: level.extension, found: level.host };
  }
  if (level.host !== null || level.extension !== null) {
    yield { check: 'level', ...level, rule: 'one-sided', passed: true };
  }
  if (found === null) {
    yield { ...version, rule: 'host-has-none', passed: true };
    return 'id';
  }
  if (wanted === null) {
    yield { ...version, rule: 'missing', passed: false };
    return { kind: 'version-missing', field: 'VERSION_ID', found, level };
  }
  const isSame = wanted === found;
  yield { ...version, rule: isSame ? 'same' : 'other', passed: isSame };
  return isSame ? 'version' : { kind: 'version-mismatch', field: 'VERSION_ID', wanted, found, level };
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
    const directory = findBelow(imageRoot, dirname(forbidden));
    if (directory === null) return null;
    // A symlink that leads nowhere would still cover the host's file, and so would one that runs in circles.
    const found = lstatSync(join(directory, basename(forbidden)), { throwIfNoEntry: false });
    return found === undefined ? null : { kind: 'forbidden-os-release', path };
  } catch (cause) {
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
