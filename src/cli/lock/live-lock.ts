import { identityOf } from '../../host/device.js';
import { errorCode, isMissing } from '../../host/root.js';
import { directoryDigest, fileDigest, verityDigest } from '../../lock-file/digest.js';
import { TreeChangedError, type UntoldReason } from '../../lock-file/errors.js';
import type { Digest, Lock, LockedExtension } from '../../lock-file/lock.js';
import { holdImage } from '../../mount/held-image.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import { parseOrigin, recordSource, type SourceRecord } from '../../overlay/origin.js';
import { readHostRelease } from '../../release/host-release.js';
import type { Context } from '../context.js';
import { identifyHost } from './host.js';

/** What is merged now, as a lock file would say it. */
export interface LiveLock {
  readonly lock: Lock;
  /** Why some of it is not known; the digests of those extensions mean nothing. */
  readonly untold: readonly UntoldReason[];
}

const UNKNOWN: Digest = 'sha256:';

/**
 * Reads what is merged, and all of the images and directories that it was made of.
 *
 * @throws HostReleaseError, errors of reading that nobody expects
 */
export function readLiveLock(context: Context, hierarchies: readonly Hierarchy[]): LiveLock {
  const { root, env, commandLine } = context;
  const { extensionClass } = commandLine;
  const merged = hierarchies.filter(({ merge }) => merge !== null);
  // All hierarchies of one merge have the same record, and the same names.
  const [first] = merged.flatMap(({ merge }) => merge ?? []);
  const origin = parseOrigin(first?.origin ?? '');
  const untold: UntoldReason[] = origin === null && first !== undefined ? [{ kind: 'foreign-record' }] : [];
  const extensions = (first?.names ?? []).map((name): LockedExtension => {
    const record = origin?.extensions.get(name);
    if (record === undefined) return { name, version: null, path: '', digest: UNKNOWN, protection: null };
    const digest = digestOf(root, name, record);
    if (typeof digest !== 'string') untold.push(digest);
    const { version, path, image } = record;
    return {
      name,
      version,
      path,
      digest: typeof digest === 'string' ? digest : UNKNOWN,
      protection: image?.protection ?? null,
    };
  });
  return {
    lock: {
      class: extensionClass.name,
      host: identifyHost(readHostRelease(root, env), extensionClass),
      mutable: origin?.mode ?? 'no',
      hierarchies: merged.map(({ name }) => name).sort(),
      extensions,
    },
    untold,
  };
}

/** With a hash tree its root hash was checked when it was merged, whatever has become of the file since. */
function digestOf(root: string, name: string, record: SourceRecord): Digest | UntoldReason {
  const known = record.image === null ? null : verityDigest(record.image);
  if (known !== null) return known;
  const path = root === '/' ? record.path : root + record.path;
  try {
    return record.image === null ? digestDirectory(name, path, record) : digestFile(name, path, record);
  } catch (error) {
    if (error instanceof TreeChangedError) return { kind: 'changed', name, path: error.path };
    if (isMissing(error)) return { kind: 'gone', name, path };
    const code = errorCode(error);
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'permission', name, path };
    throw error;
  }
}

function digestDirectory(name: string, path: string, record: SourceRecord): Digest | UntoldReason {
  return isSame(path, record) ? directoryDigest(path) : { kind: 'changed', name, path };
}

function digestFile(name: string, path: string, record: SourceRecord): Digest | UntoldReason {
  const held = holdImage(path);
  try {
    if (!isSame(path, record)) return { kind: 'changed', name, path };
    const digest = fileDigest(held.reader);
    return held.isUnchanged() ? digest : { kind: 'changed', name, path };
  } finally {
    held.close();
  }
}

/** Whether that is what was merged, as a refresh compares it. */
function isSame(path: string, record: SourceRecord): boolean {
  const now = recordSource(record.path, identityOf(path), record);
  return (['device', 'inode', 'crtime', 'mtime'] as const).every((field) => now[field] === record[field]);
}
