import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckedImage } from '../../src/check/image.js';
import { versionIn } from '../../src/check/release/version.js';
import { type Entry, type Tree as Walked, walkTree } from '../../src/check/tree.js';
import { CLASSES } from '../../src/extension-class.js';
import { readHostRelease } from '../../src/release/host-release.js';
import { findReleaseFile, type ReleaseFile } from '../../src/release/release-file.js';
import { buildTree, type Tree } from '../support/tree.js';

/** An image to check, as data. */
export interface CheckCase {
  readonly class?: keyof typeof CLASSES;
  /** Its name; `foo` if it is not given. */
  readonly name?: string;
  readonly tree: Tree;
  /** The tree of the host, if there is one. */
  readonly host?: Tree;
  /** What of its entries is otherwise than it can be made here: only root may make devices, or give files away. */
  readonly pretend?: Readonly<Record<string, Partial<Entry>>>;
  /** What its release file comes out as, if that takes more than a tree. */
  readonly release?: ReleaseFile;
  /** Places that cannot be looked at. */
  readonly unreadable?: Walked['unreadable'];
  /** Entries that are looked at. */
  readonly limit?: number;
}

/** Builds an image, opens it as the program does, and takes it away again. */
export function withChecked<Result>(one: CheckCase, action: (image: CheckedImage) => Result): Result {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-check-')));
  try {
    const root = join(directory, 'image');
    mkdirSync(root);
    buildTree(root, one.tree);
    return action(open(one, root, one.host === undefined ? null : buildHost(directory, one.host)));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function buildHost(directory: string, tree: Tree): string {
  const root = join(directory, 'host');
  mkdirSync(root);
  buildTree(root, { 'usr/lib/os-release': 'ID=debian\nVERSION_ID=13\n', ...tree });
  return root;
}

function open(one: CheckCase, root: string, host: string | null): CheckedImage {
  const { class: className = 'sysext', name = 'foo', pretend = {}, unreadable = [], limit } = one;
  const extensionClass = CLASSES[className];
  const release = one.release ?? findReleaseFile(root, name, extensionClass);
  const walked = walkTree(root, limit);
  // Whoever runs the tests, the files are those of root.
  const entries = walked.entries.map((entry) => ({ ...entry, uid: 0, gid: 0, ...pretend[entry.path] }));
  return {
    root,
    name,
    version: versionIn(name),
    isDirectory: true,
    extensionClass,
    hierarchies: extensionClass.hierarchies,
    release,
    fields: release.kind === 'found' ? release.fields : new Map(),
    host: host === null ? null : { root: host, release: readHostRelease(host, {}) },
    tree: { ...walked, unreadable, entries, byPath: new Map(entries.map((entry) => [entry.path, entry])) },
  };
}
