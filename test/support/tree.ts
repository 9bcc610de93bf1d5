import { spawnSync } from 'node:child_process';
import { chmodSync, lchownSync, lutimesSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A tree of files as data: paths below its root, and what is there. Parents need no entry. A plain string is the
 * content of a regular file.
 *
 *     buildTree(root, {
 *       'usr/lib/os-release': 'ID=debian\nVERSION_ID=13\n',
 *       'opt': directory({ mode: 0o711 }),
 *       'etc/extensions/tools': symlink('/var/lib/tools'),
 *     });
 */
export type Tree = Readonly<Record<string, Entry>>;

export type Entry = string | FileEntry | DirectoryEntry | SymlinkEntry | SpecialEntry;

/** What any entry may carry beside its content. */
export interface Attributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970; {@link FIXED_TIME} if it is not given, so that two trees of the same data are equal. */
  readonly mtime?: number;
  /** Extended attributes with their namespace: `{ 'user.extension-release.strict': 'false' }`. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

interface FileEntry extends Attributes {
  readonly kind: 'file';
  /** A function is called when the file is made: for content that is costly to make and not always needed. */
  readonly content: string | Buffer | (() => Buffer);
}
interface DirectoryEntry extends Attributes {
  readonly kind: 'directory';
}
interface SymlinkEntry extends Attributes {
  readonly kind: 'symlink';
  readonly target: string;
}
interface SpecialEntry extends Attributes {
  readonly kind: 'special';
  /** What mknod(1) is told after the path: `['p']`, `['c', '0', '0']`. */
  readonly node: readonly string[];
}

/** 2024-02-03 04:05:06 UTC */
export const FIXED_TIME = 1706933106;

export const file = (content: FileEntry['content'], more: Attributes = {}): Entry => ({
  kind: 'file',
  content,
  ...more,
});
export const directory = (more: Attributes = {}): Entry => ({ kind: 'directory', ...more });
export const symlink = (target: string, more: Attributes = {}): Entry => ({
  kind: 'symlink',
  target,
  ...more,
});
export const fifo = (more: Attributes = {}): Entry => ({ kind: 'special', node: ['p'], ...more });
export const device = (type: 'b' | 'c', major: number, minor: number, more: Attributes = {}): Entry => ({
  kind: 'special',
  node: [type, String(major), String(minor)],
  ...more,
});
/** What overlayfs takes for "deleted here" in an upper layer; any user may make one. */
export const whiteout = (): Entry => device('c', 0, 0);
/** A directory that hides the directories of the same name in all layers below it; needs root. */
export const opaqueDirectory = (): Entry => directory({ xattrs: { 'trusted.overlay.opaque': 'y' } });

/** The same tree as a part of another one, below `path`. */
export function below(path: string, tree: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).map(([name, entry]) => [join(path, name), entry]));
}

/**
 * Makes a tree below an existing directory. What is there stays, but for a file where the tree has one too.
 * Modes are exact whatever the umask, and so are the times of entries and of the directories that they are in.
 *
 * @throws the error of the failed system call, or an `Error` with what mknod(1) or setfattr(1) said
 */
export function buildTree(base: string, tree: Tree): void {
  const parents = new Set<string>();
  for (const [path, entry] of Object.entries(tree)) {
    makeParents(base, path, parents);
    make(join(base, path), entry);
  }
  for (const [path, entry] of Object.entries(tree))
    if (typeof entry !== 'string') attribute(join(base, path), entry);
  // Times last, and the deepest first: whatever is made in a directory changes its time.
  for (const parent of parents) if (!Object.hasOwn(tree, parent)) setTime(join(base, parent), FIXED_TIME);
  for (const [path, entry] of Object.entries(tree)) {
    setTime(join(base, path), (typeof entry === 'string' ? undefined : entry.mtime) ?? FIXED_TIME);
  }
}

/** What a test does to a tree between two calls: first removes, then adds. */
export interface Change {
  readonly remove?: readonly string[];
  readonly add?: Tree;
}

/** @throws as {@link buildTree}, and the error of rm(1) on a path that cannot be removed; a missing one is none */
export function changeTree(base: string, change: Change): void {
  for (const path of change.remove ?? []) rmSync(join(base, path), { recursive: true, force: true });
  buildTree(base, change.add ?? {});
}

function makeParents(base: string, path: string, parents: Set<string>): void {
  const parent = dirname(path);
  if (parent === '.' || parents.has(parent)) return;
  makeParents(base, parent, parents);
  parents.add(parent);
  if (mkdirSync(join(base, parent), { recursive: true }) !== undefined) chmodSync(join(base, parent), 0o755);
}

function make(path: string, entry: Entry): void {
  if (typeof entry === 'string') {
    makeFile(path, entry);
  } else if (entry.kind === 'file') {
    makeFile(path, typeof entry.content === 'function' ? entry.content() : entry.content);
  } else if (entry.kind === 'directory') {
    if (mkdirSync(path, { recursive: true }) !== undefined) chmodSync(path, 0o755);
  } else if (entry.kind === 'symlink') {
    symlinkSync(entry.target, path);
  } else {
    run('mknod', [path, ...entry.node]);
  }
}

function makeFile(path: string, content: string | Buffer): void {
  writeFileSync(path, content);
  chmodSync(path, 0o644);
}

/** The owner before the mode, since a new owner takes the set-user-ID bit off. */
function attribute(path: string, entry: Exclude<Entry, string>): void {
  if (entry.uid !== undefined || entry.gid !== undefined) lchownSync(path, entry.uid ?? 0, entry.gid ?? 0);
  if (entry.mode !== undefined) chmodSync(path, entry.mode);
  for (const [name, value] of Object.entries(entry.xattrs ?? {})) {
    run('setfattr', ['--no-dereference', '--name', name, '--value', value, path]);
  }
}

const setTime = (path: string, time: number): void => lutimesSync(path, time, time);

function run(command: string, words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr.trim()}`);
}
