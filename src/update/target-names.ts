import { basename, dirname, join } from 'node:path';
import { findBelow, insideRoot } from '../host/root.js';
import { splitCounter } from '../images/versioned-entry.js';
import { linkPathOrNone } from './install.js';
import { type Listing, listInstances } from './instances.js';
import { matchPatterns, type NameFields } from './pattern.js';
import type { Target, Transfer } from './transfer.js';

/** What there is of a target. */
export interface Installed extends Listing {
  /** The version that the symlink of the target leads to (`CurrentSymlink=`); `null` without one, or if it leads elsewhere. */
  readonly current: string | null;
}

/** Lists the versions of a target that are there. @throws the errors of listInstances() */
export function listTarget(root: string, target: Target): Installed {
  const listing = listInstances(root, target.path, target.patterns, (path) => readTargetName(target, path));
  const link = linkPathOrNone(target, root);
  const file = link === null ? null : findBelow(root, insideRoot(root, link));
  const current = listing.instances.find(
    ({ path }) => file !== null && findBelow(root, join(target.path, path)) === file,
  );
  return { ...listing, current: current?.fields.version ?? null };
}

/**
 * Reads the name of a file in the directory of a target. In a versioned directory a counter without tries left at the end of the
 * name (`+0`, `+0-DONE`, systemd.v(7)) is no part of the version, and no pattern has to know it: `rollback` gives it to a file
 * whatever the patterns are, and it is the same version as before.
 *
 * @param path relative to that directory
 * @returns `null` if no pattern fits
 */
export function readTargetName({ path: directory, patterns }: Target, path: string): NameFields | null {
  const spent = splitSpent(join(directory, path));
  if (spent === null) return matchPatterns(patterns, path);
  const { rest, triesDone } = spent;
  const stem = path.slice(0, -rest.length);
  const suffix = rest.slice(rest.indexOf('.'));
  // Patterns with @l or @d may want more of the counter than is there, or less.
  const names = [path, ...[`+0-${triesDone}`, '+0', ''].map((counter) => `${stem}${counter}${suffix}`)];
  const fields = names.map((name) => matchPatterns(patterns, name)).find(isWithoutCounter);
  return fields ? { ...fields, triesLeft: '0', triesDone } : null;
}

/** What a path in a source says of the file, with the version that it will have in the target. @returns `null` if no pattern fits */
export function readSourceName({ source, target }: Transfer, path: string): NameFields | null {
  const fields = matchPatterns(source.patterns, path);
  const { text, triesLeft } = splitCounter(fields?.version ?? '');
  const isCounted = isInVersionedDirectory(join(target.path, target.patterns[0]!.text));
  return fields !== null && isCounted && triesLeft === 0 ? { ...fields, version: text } : fields;
}

/** @returns the counter with the suffix behind it, and how many tries were done; `null` if the file has tries left, or no counter */
function splitSpent(path: string): { readonly rest: string; readonly triesDone: string } | null {
  const suffix = /(\.(sysext|confext))?\.raw$/.exec(basename(path))?.[0];
  if (suffix === undefined || !isInVersionedDirectory(path)) return null;
  const stem = basename(path).slice(0, -suffix.length);
  const { text, triesLeft, triesDone } = splitCounter(stem);
  return triesLeft === 0 ? { rest: stem.slice(text.length) + suffix, triesDone: String(triesDone) } : null;
}

/** Of image files: for others the directory is `NAME.v`. */
function isInVersionedDirectory(path: string): boolean {
  return basename(dirname(path)).endsWith('.raw.v');
}

function isWithoutCounter(fields: NameFields | null): fields is NameFields {
  return fields !== null && splitCounter(fields.version).triesLeft !== 0;
}
