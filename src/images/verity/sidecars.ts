import { basename, dirname } from 'node:path';
import { type ExtendedAttributes, readAttributes } from '../../host/extended-attributes.js';
import { findBelow, insideRoot } from '../../host/root.js';
import type { DataDesignator } from '../policy/designator.js';
import { parseRootHash, type RootHashProblem } from './root-hash.js';
import { type FileProblem, readFileBelow, type SmallFile } from './small-file.js';

/** In bytes: a line of hexadecimal digits. */
const ROOT_HASH_LIMIT = 4096;

/** In bytes. systemd takes a signature partition of 4 MiB, and files of that size. */
const SIGNATURE_LIMIT = 4 * 1024 * 1024;

/** Names of files and attributes; `roothash` is the root of the tree over the root file system (systemd.exec(5)). */
const NAMES: Record<DataDesignator, string> = { root: 'roothash', usr: 'usrhash' };

/** Where a root hash was found. */
export type RootHashSource =
  | { readonly kind: 'attribute'; readonly file: string; readonly attribute: string }
  | { readonly kind: 'file'; readonly file: string };

export interface SidecarRootHash {
  readonly kind: 'root-hash';
  readonly hash: Buffer;
  readonly designator: DataDesignator;
  readonly source: RootHashSource;
}

export type SidecarRootHashProblem = FileProblem | (RootHashProblem & { readonly source: RootHashSource });

/** What says the root hash; `getfattrMissing` if there may be an attribute that nobody could read. */
export interface SidecarSearch {
  readonly found: SidecarRootHash | SidecarRootHashProblem | null;
  readonly getfattrMissing: boolean;
}

/*
 * All files lie beside the image itself, not beside a symlink to it, and have its name without `.raw`. They count for a
 * regular file only. Symlinks in their place are followed below the root, as those to images are.
 */

/**
 * The hash tree of a file system without partition table, `NAME.verity`.
 *
 * @param root absolute path, free of symlinks
 * @param image the image on the machine, symlinks resolved (`path` of {@link Image})
 * @returns path on the machine, free of symlinks; what is there may be no file, see openReader()
 * @throws the errors of findBelow(), none of them for a missing file
 */
export function findTreeSidecar(root: string, image: string): string | null {
  return findBelow(root, sidecar(root, image, 'verity'));
}

/** Root hashes in the extended attributes of images. */
export interface HashAttributes {
  readonly getfattrMissing: boolean;
  get(image: string, attribute: string): Buffer | undefined;
}

/**
 * Reads the extended attributes of many images at once, since it takes a process.
 *
 * @param images paths on the machine, symlinks resolved
 * @throws CommandFailedError, or the error of execve(2), if getfattr(1) is installed but does not work
 */
export function readHashAttributes(images: readonly string[]): HashAttributes {
  const names = Object.values(NAMES).map((name) => `user.verity.${name}`);
  const directories = new Map<string, ExtendedAttributes | null>();
  for (const directory of new Set(images.map((image) => dirname(image)))) {
    const files = images.filter((image) => dirname(image) === directory).map((image) => basename(image));
    directories.set(directory, readAttributes(directory, files, names));
  }
  return {
    getfattrMissing: [...directories.values()].includes(null),
    get: (image, attribute) => directories.get(dirname(image))?.get(basename(image))?.get(attribute),
  };
}

/**
 * The root hash that is set for an image: the extended attribute before the file, the root file system before `/usr`. A
 * value that cannot be used hides those after it, so that nobody is led to another hash than the one that was meant.
 *
 * @param root, image as above
 * @param attributes of this image, and maybe of others
 * @throws CommandFailedError, or the error of execve(2), if getfattr(1) is installed but does not work
 */
export function findRootHashSidecar(
  root: string,
  image: string,
  attributes: HashAttributes = readHashAttributes([image]),
): SidecarSearch {
  const { getfattrMissing } = attributes;
  for (const designator of ['root', 'usr'] as const) {
    const attribute = `user.verity.${NAMES[designator]}`;
    const value = attributes.get(image, attribute);
    const source: RootHashSource = { kind: 'attribute', file: image, attribute };
    if (value !== undefined) return { found: interpret(value, designator, source), getfattrMissing };

    const read = readFileBelow(root, sidecar(root, image, NAMES[designator]), ROOT_HASH_LIMIT);
    if (read?.kind === 'unusable-file') return { found: read, getfattrMissing };
    if (read !== null) {
      const { file, bytes } = read;
      return { found: interpret(bytes, designator, { kind: 'file', file }), getfattrMissing };
    }
  }
  return { found: null, getfattrMissing };
}

/**
 * The signature of the root hash, `NAME.roothash.p7s` or `NAME.usrhash.p7s`: DER as it is, not encoded.
 *
 * @param root, image as above
 * @param designator of the root hash: a signature of another one says nothing
 */
export function readSignatureSidecar(
  root: string,
  image: string,
  designator: DataDesignator,
): SmallFile | FileProblem | null {
  const read = readFileBelow(root, sidecar(root, image, `${NAMES[designator]}.p7s`), SIGNATURE_LIMIT);
  if (read?.kind !== 'file' || read.bytes.length > 0) return read;
  return { kind: 'unusable-file', file: read.file, problem: 'empty', limit: SIGNATURE_LIMIT, code: '' };
}

function sidecar(root: string, image: string, suffix: string): string {
  return `${insideRoot(root, image).replace(/\.raw$/, '')}.${suffix}`;
}

function interpret(
  value: Buffer,
  designator: DataDesignator,
  source: RootHashSource,
): SidecarRootHash | SidecarRootHashProblem {
  const parsed = parseRootHash(value.toString('latin1'));
  return parsed.kind === 'root-hash' ? { ...parsed, designator, source } : { ...parsed, source };
}
