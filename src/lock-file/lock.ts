import { MUTABLE_MODES, type MutableMode } from '../overlay/mutable-mode.js';
import { PROTECTIONS, type Protection } from '../overlay/origin.js';

/** What a lock file says: a set of merged extensions, with all by which another machine can tell that it has the same. */
export interface Lock {
  readonly class: 'sysext' | 'confext';
  readonly host: LockedHost;
  readonly mutable: MutableMode;
  /** Those that are merged, sorted. */
  readonly hierarchies: readonly string[];
  /** Lowest layer first. */
  readonly extensions: readonly LockedExtension[];
}

/** What the host says of itself in its os-release file, and the machine it is (os-release(5)). */
export interface LockedHost {
  readonly id: string | null;
  readonly versionId: string | null;
  readonly level: string | null;
  readonly architecture: string;
}

export interface LockedExtension {
  readonly name: string;
  /** The version that was chosen of several; `null` where there is only one. */
  readonly version: string | null;
  /** Where it was found, below the root. It may lie elsewhere on another machine. */
  readonly path: string;
  readonly digest: Digest;
  /** `null` for a directory. */
  readonly protection: Protection | null;
}

/**
 * What stands for all of the content, and how it was made, in lower-case hexadecimal digits:
 *
 * - `verity:` the root hash of the hash tree, by which each byte was or will be checked
 * - `sha256:` the SHA-256 of an image file or block device
 * - `tree-1:` the SHA-256 of a directory, see tree-digest.ts
 */
export type Digest = `${'verity' | 'sha256' | 'tree-1'}:${string}`;

/** What is in a file that should be a lock. */
export type LockProblem =
  | { readonly kind: 'no-json' }
  /** Of a newer program, or of another one. */
  | { readonly kind: 'other-schema'; readonly found: string }
  /** Something in it is not as it must be. */
  | { readonly kind: 'malformed'; readonly what: string };

const SCHEMA = 'lock-1';

/** The content of a lock file. The same set makes the same bytes, on every machine. */
export function formatLock(lock: Lock): string {
  const { host, mutable, hierarchies, extensions } = lock;
  const record = {
    schema: SCHEMA,
    class: lock.class,
    host: {
      id: host.id,
      versionId: host.versionId,
      level: host.level,
      architecture: host.architecture,
    },
    mutable,
    hierarchies: [...hierarchies].sort(),
    extensions: extensions.map(({ name, version, path, digest, protection }) => {
      return { name, version, path, digest, protection };
    }),
  };
  return `${JSON.stringify(record, null, '\t')}\n`;
}

/** Reads what {@link formatLock} has written; keys that are not known are left alone. */
export function parseLock(text: string): Lock | LockProblem {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    return { kind: 'no-json' };
  }
  const { schema } = (isRecord(record) ? record : {}) as { schema?: unknown };
  if (schema !== SCHEMA) return { kind: 'other-schema', found: String(schema ?? 'none') };
  try {
    return readLock(record as Record<string, unknown>);
  } catch (error) {
    if (error instanceof MalformedLockError) return { kind: 'malformed', what: error.message };
    throw error;
  }
}

/** Says which key is wrong. */
class MalformedLockError extends Error {}

function readLock(record: Record<string, unknown>): Lock {
  const host = need(isRecord, record['host'], 'host');
  const list = need(Array.isArray, record['extensions'], 'extensions');
  const extensions = list.map(readExtension);
  const names = extensions.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw new MalformedLockError('extensions: one of them is there twice');
  return {
    class: need(isOneOf(['sysext', 'confext']), record['class'], 'class'),
    host: {
      id: need(isTextOrNull, host['id'], 'host.id'),
      versionId: need(isTextOrNull, host['versionId'], 'host.versionId'),
      level: need(isTextOrNull, host['level'], 'host.level'),
      architecture: need(isText, host['architecture'], 'host.architecture'),
    },
    mutable: need(isOneOf(MUTABLE_MODES), record['mutable'], 'mutable'),
    hierarchies: need(isTexts, record['hierarchies'], 'hierarchies'),
    extensions,
  };
}

function readExtension(value: unknown, index: number): LockedExtension {
  const at = `extensions[${index}]`;
  const { name, version, path, digest, protection } = need(isRecord, value, at);
  return {
    name: need(isText, name, `${at}.name`),
    version: need(isTextOrNull, version, `${at}.version`),
    path: need(isText, path, `${at}.path`),
    digest: need(isDigest, digest, `${at}.digest`),
    protection: protection === null ? null : need(isOneOf(PROTECTIONS), protection, `${at}.protection`),
  };
}

function need<T>(is: (value: unknown) => value is T, value: unknown, key: string): T {
  if (is(value)) return value;
  throw new MalformedLockError(key);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isDigest = (value: unknown): value is Digest =>
  typeof value === 'string' && /^(verity:([0-9a-f]{2})+|(sha256|tree-1):[0-9a-f]{64})$/.test(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): value is T =>
    words.some((word) => word === value);
