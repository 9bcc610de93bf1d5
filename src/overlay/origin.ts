import type { FileIdentity } from '../host/device.js';
import { type Choice, readChoice } from './choice.js';
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
  /** `null` for all that is installed. */
  readonly choice: Choice | null;
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
  /** The version that was chosen of several; `null` where there is only one. */
  readonly version: string | null;
  /** `null` for a directory. */
  readonly image: ImageRecord | null;
}

/**
 * What an image's files are protected by: nothing, a hash tree, a hash tree whose root hash is signed, encryption. It is
 * what was in force when the image was mounted, not what the image would have offered (systemd.image-policy(7)).
 */
export const PROTECTIONS = ['unprotected', 'verity', 'signed', 'encrypted'] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** What was mounted of a disk image. */
export interface ImageRecord {
  /** `gpt`, or the type of the file system that is the whole image. */
  readonly format: string;
  /** `root`, `usr`, or both. */
  readonly partitions: readonly string[];
  readonly protection: Protection;
  /** Of the first partition that has one, in lower-case hexadecimal digits. */
  readonly rootHash: string | null;
  /** The loop devices behind it. */
  readonly loopDevices: readonly string[];
}

/**
 * @param path below the root
 * @param about the rest; a directory's modification time says nothing: it changes with each file that is put into it
 */
export function recordSource(
  path: string,
  identity: FileIdentity,
  { version, image }: Pick<SourceRecord, 'version' | 'image'>,
): SourceRecord {
  return {
    path,
    device: identity.device,
    inode: identity.inode.toString(),
    crtime: identity.created.toString(),
    mtime: image === null ? '0' : identity.modified.toString(),
    version,
    image,
  };
}

export function formatOrigin({ mode, directories, mountOptions, extensions, choice }: Origin): string {
  const record = {
    mutable: { mode, ...(directories.size === 0 ? {} : { mutableDirs: Object.fromEntries(directories) }) },
    ...(mountOptions === null ? {} : { mountOptions }),
    ...(extensions.size === 0 ? {} : { extensions: Object.fromEntries(extensions) }),
    ...(choice === null ? {} : { choice }),
  };
  return `${JSON.stringify(record, null, '\t')}\n`;
}

/** @returns `null` for a record that is not ours, or damaged */
export function parseOrigin(text: string): Origin | null {
  try {
    const record = JSON.parse(text) as Record<string, unknown>;
    const { mutable, mountOptions = null, extensions = {}, choice } = record;
    const { mode, mutableDirs = {} } = mutable as Record<string, unknown>;
    const known = MUTABLE_MODES.find((candidate) => candidate === mode);
    const directories = Object.entries(mutableDirs as object);
    const sources = Object.entries(extensions as object).map(
      ([name, source]) => [name, readSource(source)] as const,
    );
    if (known === undefined || !directories.every(([, path]) => typeof path === 'string')) return null;
    if (mountOptions !== null && typeof mountOptions !== 'string') return null;
    return {
      mode: known,
      directories: new Map(directories),
      mountOptions,
      extensions: new Map(sources),
      choice: choice === undefined ? null : readChoice(choice),
    };
  } catch {
    // Not JSON, or not of this shape: destructuring, readSource() and readChoice() throw.
    return null;
  }
}

function readSource(source: Record<keyof SourceRecord, unknown>): SourceRecord {
  const { path, device, inode, crtime, mtime, version, image } = source;
  const values = { path, device, inode, crtime, mtime };
  if (!Object.values(values).every((value) => typeof value === 'string') || !isTextOrNull(version))
    throw new TypeError('not our record');
  return { ...(values as Record<keyof typeof values, string>), version, image: readImage(image) };
}

function readImage(image: unknown): ImageRecord | null {
  if (image === null) return null;
  const { format, partitions, protection, rootHash, loopDevices } = image as Record<string, unknown>;
  const known = PROTECTIONS.find((candidate) => candidate === protection);
  if (typeof format !== 'string' || known === undefined || !isTextOrNull(rootHash))
    throw new TypeError('not our record');
  return {
    format,
    partitions: readTexts(partitions),
    protection: known,
    rootHash,
    loopDevices: readTexts(loopDevices),
  };
}

function readTexts(list: unknown): readonly string[] {
  if (Array.isArray(list) && list.every((text) => typeof text === 'string')) return list;
  throw new TypeError('not our record');
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
