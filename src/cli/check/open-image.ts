import { findFollowUps } from '../../check/afterwards.js';
import { checkImage } from '../../check/checkers.js';
import { forbiddenPrograms } from '../../check/elf/check-elf.js';
import type { CheckedHost, CheckedImage } from '../../check/image.js';
import { mismatchOf } from '../../check/release/host.js';
import { versionIn } from '../../check/release/version.js';
import { type Tree, walkTree } from '../../check/tree.js';
import type { Image } from '../../images/image.js';
import { findReleaseFile } from '../../release/release-file.js';
import type { Against, Caveat, NoHost, Outcome } from '../../report/check/checked.js';
import type { Context } from '../context.js';

export interface CheckSettings {
  /** Whether all of it is root's in the image, though not where its tree is. */
  readonly isOwnedByRoot?: boolean;
  /** In what the host is another one than that which it would be merged over. */
  readonly caveat?: Caveat | null;
}

/**
 * Checks an image that is open.
 *
 * @param root where its tree is
 * @param host what to check it against; `null` if there is none that says what it is
 */
export function checkTree(
  context: Context,
  image: Image,
  root: string,
  host: CheckedHost | null,
  { isOwnedByRoot = false, caveat = null }: CheckSettings = {},
): Outcome {
  const { hierarchies, commandLine } = context;
  const { extensionClass } = commandLine;
  const release = findReleaseFile(root, image.name, extensionClass);
  const fields = release.kind === 'found' ? release.fields : new Map<string, string>();
  const noHost = whyNoHost(context, fields, host);
  const tree = isOwnedByRoot ? asOfRoot(walkTree(root)) : walkTree(root);
  const checked: CheckedImage = {
    root,
    name: image.name,
    version: image.versions?.winner?.version ?? versionIn(image.label),
    isDirectory: image.kind === 'directory' || image.kind === 'subvolume',
    extensionClass,
    hierarchies,
    release,
    fields,
    host: noHost === null ? host : null,
    tree,
  };
  const findings = checkImage(checked);
  const forbidden = tree.unreadable
    .filter(({ code }) => code === 'EACCES' || code === 'EPERM')
    .map(({ path }) => path);
  return {
    kind: 'checked',
    findings,
    followUps: findFollowUps(checked),
    against: noHost ?? describeHost(context.root, host!, caveat),
    forbidden: [...forbidden, ...forbiddenPrograms(checked)],
  };
}

function asOfRoot(tree: Tree): Tree {
  const entries = tree.entries.map((entry) => ({ ...entry, uid: 0, gid: 0 }));
  return { ...tree, entries, byPath: new Map(entries.map((entry) => [entry.path, entry])) };
}

/**
 * What an image needs of a host can only be told of one that it is made for. One that was named is meant, whether the image is
 * made for it or not; the machine that this runs on is perhaps only where images are built.
 */
function whyNoHost(
  { root, commandLine }: Context,
  fields: ReadonlyMap<string, string>,
  host: CheckedHost | null,
): NoHost | null {
  if (host === null) return { kind: 'no-release' };
  if (root !== '/') return null;
  const mismatch = mismatchOf(fields, host.release, commandLine.extensionClass);
  return mismatch === null ? null : { kind: 'other', ...mismatch };
}

/** @param root of the host as everybody knows it; it may be looked at elsewhere */
function describeHost(root: string, { release }: CheckedHost, caveat: Caveat | null): Against {
  const fields = ['ID', 'VERSION_ID', 'SYSEXT_LEVEL', 'CONFEXT_LEVEL'].flatMap((field) => {
    const value = release.fields.get(field);
    return value ? [`${field}=${value}`] : [];
  });
  return { root, path: release.path, fields: [...fields, release.architecture].join(' '), caveat };
}
