import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deviceOf } from '../host/device.js';
import { errorCode, insideRoot, resolveNewBelow } from '../host/root.js';
import type { MutableMode } from './mutable-mode.js';

/** Where what is written to a merged hierarchy goes. */
export interface Upper {
  readonly path: string;
  /** Work directory of the overlay: beside the upper directory, because it must be on the same mount. */
  readonly work: string;
  /**
   * - `directory`: a write directory that is there
   * - `new`: one that has to be made
   * - `host`: the hierarchy's own directory, which then is no lower directory
   * - `ephemeral`: in the workspace's tmpfs, gone after unmerge
   */
  readonly kind: 'directory' | 'new' | 'host' | 'ephemeral';
}

/** What a mode means for one hierarchy. */
export interface Writing {
  readonly upper: Upper | null;
  /** Write directory that is only shown, as the lower directory right below the metadata. */
  readonly imported: string | null;
  /** The write directory as `origin` records it, below the root; `null` if none takes part. */
  readonly recorded: string | null;
  /** Mode of a write directory that symlinks lead to, where it is to get another one: the host's. */
  readonly otherMode?: { readonly found: number; readonly wanted: number };
}

/** The write directory of a hierarchy cannot be used as the mode asks for. */
export class WriteDirectoryError extends Error {
  constructor(
    readonly problem:
      | { readonly kind: 'is-hierarchy' }
      | { readonly kind: 'no-directory' }
      | { readonly kind: 'mode'; readonly found: number; readonly wanted: number }
      | { readonly kind: 'other-mount' }
      | { readonly kind: 'read-only' },
    readonly hierarchy: string,
    readonly path: string,
  ) {
    super(`write directory ${path}: ${problem.kind}`);
  }
}

/** `/usr` has `/var/lib/extensions.mutable/usr`, a nested hierarchy `/a/b` has `a.b` there. */
export const WRITE_DIRECTORIES = '/var/lib/extensions.mutable';

const IMPORTS: ReadonlySet<MutableMode> = new Set(['import', 'ephemeral-import']);

/** Name of a hierarchy as that of one directory. */
export function fileNameOf(hierarchy: string): string {
  return hierarchy.replace(/^\/+/, '').replaceAll('/', '.');
}

/** One hierarchy that shall be made writable. */
export interface WritingInput {
  readonly root: string;
  readonly hierarchy: string;
  /** The hierarchy's directory on the machine; need not exist. */
  readonly host: string;
  /** Whether something is merged there now, so that the host's own directory cannot be looked at. */
  readonly isMerged: boolean;
  /** Work directory of what is merged now. */
  readonly workInUse: string | null;
  /** Directory in the workspace for an upper and a work directory. */
  readonly ephemeral: string;
}

/**
 * Decides what is written where. Nothing is made yet.
 *
 * @throws WriteDirectoryError, the errors of look-ups
 */
export function chooseWriting(mode: MutableMode, input: WritingInput): Writing {
  if (mode === 'no') return NO_WRITING;
  const { root, hierarchy, host, ephemeral } = input;
  const name = join(WRITE_DIRECTORIES, fileNameOf(hierarchy));
  const [place, path] = [join(root, name), resolveNewBelow(root, name)];
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined && (mode === 'auto' || mode === 'import')) return NO_WRITING;
  if (status?.isDirectory() === false && mode !== 'ephemeral') {
    throw new WriteDirectoryError({ kind: 'no-directory' }, hierarchy, path);
  }
  if (mode === 'yes' || mode === 'auto') {
    const kind = path === host ? 'host' : status === undefined ? 'new' : 'directory';
    const upper: Upper = { path, work: chooseWork(path, input), kind };
    const writing: Writing = { upper, imported: null, recorded: insideRoot(root, path) };
    if (status === undefined) return writing;
    const mode = kind === 'directory' ? compareModes(path, host) : null;
    // As the original: a directory that a symlink leads to was there before anybody thought of /usr.
    if (mode !== null && path === place)
      throw new WriteDirectoryError({ kind: 'mode', ...mode }, hierarchy, path);
    checkUpper(upper, input);
    return mode === null ? writing : { ...writing, otherMode: mode };
  }
  const imported = IMPORTS.has(mode) && status !== undefined ? path : null;
  if (imported === host) throw new WriteDirectoryError({ kind: 'is-hierarchy' }, hierarchy, path);
  const recorded = imported === null ? null : insideRoot(root, imported);
  if (mode === 'import') return { upper: null, imported, recorded };
  return {
    upper: { path: join(ephemeral, 'upper'), work: join(ephemeral, 'work'), kind: 'ephemeral' },
    imported,
    recorded,
  };
}

const NO_WRITING: Writing = { upper: null, imported: null, recorded: null };

/** While a merge is refreshed, the old overlay and the new one need a work directory each. */
function chooseWork(upper: string, { hierarchy, workInUse }: WritingInput): string {
  const [first, second] = workDirectoriesOf(upper, hierarchy);
  return first === workInUse ? second : first;
}

/** The two names that the work directory of a hierarchy can have, beside its upper directory. */
export function workDirectoriesOf(upper: string, hierarchy: string): readonly [string, string] {
  const name = fileNameOf(hierarchy);
  const beside = (middle: string) => join(dirname(upper), `.systemd-${middle}-workdir`);
  return [beside(name), beside(`${name}.1`)];
}

/** The merged root shows the upper directory's mode, and merging should not change who may enter /usr. */
function compareModes(path: string, host: string): { found: number; wanted: number } | null {
  const found = statSync(path).mode & 0o7777;
  const wanted = (statSync(host, { throwIfNoEntry: false })?.mode ?? 0o755) & 0o7777;
  return found === wanted ? null : { found, wanted };
}

function checkUpper({ path, work, kind }: Upper, { hierarchy, isMerged }: WritingInput): void {
  if (kind === 'host' && isMerged) return;
  if (deviceOf(path) !== deviceOf(dirname(work)))
    throw new WriteDirectoryError({ kind: 'other-mount' }, hierarchy, path);
  if (isReadOnly(path)) throw new WriteDirectoryError({ kind: 'read-only' }, hierarchy, path);
}

/** For root, access(2) says no only where the file system does. */
function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return errorCode(error) === 'EROFS';
  }
}
