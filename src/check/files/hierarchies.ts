import { CLASSES } from '../../extension-class.js';
import { type Finding, found } from '../finding.js';
import { type CheckedImage, isInHierarchy } from '../image.js';

/** What is not below a hierarchy is not merged (systemd-sysext(8)); a finding for each entry at the top of it. */
export function checkOutside(image: CheckedImage): Finding[] {
  const { hierarchies } = image;
  const others = hierarchiesOfOtherClass(image);
  const counts = new Map<string, number>();
  for (const { path, type } of image.tree.entries) {
    if (isInHierarchy(image, path) || isInHierarchy({ hierarchies: others }, path)) continue;
    // A directory above a hierarchy, such as /var of /var/lib, is on the way to it.
    if (hierarchies.some((hierarchy) => hierarchy.startsWith(`${path}/`))) continue;
    const top = topOf(path, hierarchies);
    counts.set(top, (counts.get(top) ?? 0) + (type === 'directory' ? 0 : 1));
  }
  // Directories that are empty all the way down are the mount points of an operating system tree: harmless.
  return [...counts]
    .filter(([path, count]) => count > 0 || image.tree.byPath.get(path)?.type !== 'directory')
    .map(([path, count]) =>
      found('outside-hierarchies', path, { count: String(count), hierarchies: hierarchies.join(' ') }),
    );
}

/** One image may be an extension of both classes; then it has the release files of both. */
function hierarchiesOfOtherClass({ extensionClass, tree }: CheckedImage): readonly string[] {
  return Object.values(CLASSES).flatMap((other) =>
    other.name !== extensionClass.name && tree.byPath.has(`/${other.releaseDirectory}`)
      ? other.hierarchies
      : [],
  );
}

function topOf(path: string, hierarchies: readonly string[]): string {
  for (let end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
    const parent = path.slice(0, end);
    if (!hierarchies.some((hierarchy) => hierarchy.startsWith(`${parent}/`))) return parent;
  }
  return path;
}

/** The directories that are merged have to be directories, and something has to be in one of them. */
export function checkHierarchies({ hierarchies, release, tree }: CheckedImage): Finding[] {
  const findings = hierarchies.flatMap((hierarchy) => {
    const entry = tree.byPath.get(hierarchy);
    if (entry === undefined || entry.type === 'directory') return [];
    return [found('hierarchy-not-directory', hierarchy, { type: entry.type, target: entry.target ?? '' })];
  });
  const own = release.kind === 'found' ? release.path : null;
  const isSomething = tree.entries.some(
    ({ path, type }) =>
      type !== 'directory' &&
      path !== own &&
      hierarchies.some((hierarchy) => path.startsWith(`${hierarchy}/`)),
  );
  if (isSomething || findings.length > 0) return findings;
  return [found('nothing-to-merge', null, { hierarchies: hierarchies.join(' ') })];
}

/** What could not be looked at; and names that are hard to type. */
export function checkCompleteness({ tree }: CheckedImage): Finding[] {
  return [
    ...(tree.isCut
      ? [found('too-many-entries', null, { what: 'entries', limit: String(tree.entries.length) })]
      : []),
    // What only needs more rights is told otherwise: it is no flaw of the image.
    ...tree.unreadable
      .filter(({ code }) => code !== 'EACCES' && code !== 'EPERM')
      .map(({ path, code }) => found('unreadable-entry', path.slice(0, LONGEST_PATH), { code })),
    ...tree.entries
      .filter(({ path, isUtf8, type }) => !isUtf8 && (type !== 'directory' || path.includes('\ufffd')))
      .map(({ path }) => found('name-not-utf8', path)),
  ];
}

/** A path that is too long to be looked up need not be told in full. */
const LONGEST_PATH = 200;
