import type { FileIdentity } from '../host/device.js';
import { MUTABLE_MODES, type MutableMode } from './mutable-mode.js';

/**
 * The content of `origin`: what a later refresh compares to know whether anything changed. The outline is the
 * original's; the identity of a file is our own, because file handles and unique mount ids are out of reach here. Either
 * program takes the other's record as "something changed", and refreshes.
 */
export interface Origin {
  readonly mode: MutableMode;
  /** Write directories that take part, below the root, by hierarchy. */
  readonly directories: ReadonlyMap<string, string>;
  readonly mountOptions: string | null;
  /** By name. */
  readonly extensions: ReadonlyMap<string, SourceRecord>;
}

/** Where one merged extension came from. Numbers are decimal strings: JSON readers round those of 64 bits. */
export interface SourceRecord {
  /** Below the root. */
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  /** Creation and modification time, in microseconds since the epoch. */
  readonly crtime: string;
  readonly mtime: string;
}

/**
 * @param path below the root
 * @param isDirectory its modification time says nothing: it changes with each file that is put into it
 */
export function recordSource(path: string, identity: FileIdentity, isDirectory: boolean): SourceRecord {
  return {
    path,
    device: identity.device,
    inode: identity.inode.toString(),
    crtime: identity.created.toString(),
    mtime: isDirectory ? '0' : identity.modified.toString(),
  };
}

export function formatOrigin({ mode, directories, mountOptions, extensions }: Origin): string {
  const record = {
    mutable: { mode, ...(directories.size === 0 ? {} : { mutableDirs: Object.fromEntries(directories) }) },
    ...(mountOptions === null ? {} : { mountOptions }),
    ...(extensions.size === 0 ? {} : { extensions: Object.fromEntries(extensions) }),
  };
  return `${JSON.stringify(record, null, '\t')}\n`;
}

/** @returns `null` for a record that is not ours, or damaged */
export function parseOrigin(text: string): Origin | null {
  try {
    const { mutable, mountOptions = null, extensions = {} } = JSON.parse(text) as Record<string, unknown>;
    const { mode, mutableDirs = {} } = mutable as Record<string, unknown>;
    const known = MUTABLE_MODES.find((candidate) => candidate === mode);
    const directories = Object.entries(mutableDirs as object);
    const sources = Object.entries(extensions as object).map(
      ([name, source]) => [name, readSource(source)] as const,
    );
    if (known === undefined || !directories.every(([, path]) => typeof path === 'string')) return null;
    if (mountOptions !== null && typeof mountOptions !== 'string') return null;
    return { mode: known, directories: new Map(directories), mountOptions, extensions: new Map(sources) };
  } catch {
    // Not JSON, or not of this shape: destructuring and readSource() throw.
    return null;
  }
}

function readSource(source: Record<keyof SourceRecord, unknown>): SourceRecord {
  const { path, device, inode, crtime, mtime } = source;
  const values = { path, device, inode, crtime, mtime };
  if (!Object.values(values).every((value) => typeof value === 'string'))
    throw new TypeError('not our record');
  return values as SourceRecord;
}
