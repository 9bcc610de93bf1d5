import { lstatSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import { errorCode, MAX_SYMLINKS } from '../host/root.js';
import { type CheckedHost, type CheckedImage, isInHierarchy } from './image.js';
import type { Entry } from './tree.js';

/** What a path leads to when the image is merged. Paths are those of the last step, free of symlinks. */
export type Sight =
  /** The image has it. */
  | { readonly kind: 'image'; readonly path: string; readonly entry: Entry }
  /** The host has it. */
  | { readonly kind: 'host'; readonly path: string }
  /** The image has it at a place that is not merged, and the host has not. */
  | { readonly kind: 'unmerged'; readonly path: string }
  | { readonly kind: 'missing'; readonly path: string }
  /** Below /run, /proc, … where things come and go. */
  | { readonly kind: 'runtime'; readonly path: string }
  /** The image does not have it, and without a host nobody knows. */
  | { readonly kind: 'unknown'; readonly path: string }
  /** More symlinks than the kernel follows. */
  | { readonly kind: 'loop'; readonly path: string };

const RUNTIME = /^\/(run|proc|sys|dev|tmp|var\/(run|lock|tmp))(\/|$)/;

/** A hostile image has many links with long targets; all look-ups together take no more steps than these. */
const MOST_STEPS = 2_000_000;

interface OnHost {
  readonly target: string | null;
  /** `null` if that cannot be told. */
  readonly isDirectory: boolean | null;
}

interface Looking {
  steps: number;
  /** What there is on the host at a path: `null` for nothing. */
  readonly host: Map<string, OnHost | null>;
}

const LOOKING = new WeakMap<CheckedImage, Looking>();

function lookingOf(image: CheckedImage): Looking {
  const known = LOOKING.get(image) ?? { steps: 0, host: new Map() };
  LOOKING.set(image, known);
  return known;
}

/** Whether an image had more to look up than an honest one has, so that the last look-ups were not made. */
export function isTooMuchToLookUp(image: CheckedImage): boolean {
  return lookingOf(image).steps >= MOST_STEPS;
}

/**
 * Looks a path up as a process would when the image is merged over the host: in the hierarchies the image goes first. Symlinks
 * of both are followed, and lead out of neither.
 *
 * @param path absolute
 */
export function lookUp(image: CheckedImage, path: string): Sight {
  const resolved: string[] = [];
  const ahead = path.split('/').reverse();
  const looking = lookingOf(image);
  let links = 0;
  let last: Sight = { kind: 'host', path: '/' };
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue;
    looking.steps += 1;
    if (looking.steps >= MOST_STEPS) return { kind: 'unknown', path };
    if (part === '..') {
      resolved.pop();
      continue;
    }
    const here = `/${[...resolved, part].join('/')}`;
    if (RUNTIME.test(here)) return { kind: 'runtime', path: here };
    const { sight, target } = lookAt(image, here);
    if (target === null) {
      if (sight.kind === 'unmerged') return lookAtUnmerged(image, join(here, ...ahead.reverse()));
      if (sight.kind !== 'image' && sight.kind !== 'host') return sight;
      resolved.push(part);
      last = sight;
      continue;
    }
    links += 1;
    if (links > MAX_SYMLINKS) return { kind: 'loop', path };
    if (target.startsWith('/')) resolved.length = 0;
    ahead.push(...target.split('/').reverse());
  }
  // A path that ends in `..` leads above what was looked at last.
  const there = `/${resolved.join('/')}`;
  return there === last.path ? last : lookAt(image, there).sight;
}

/** One step, of a path whose directories have no symlinks in them. */
function lookAt(image: CheckedImage, path: string): { sight: Sight; target: string | null } {
  const entry = image.tree.byPath.get(path);
  const isMerged = isInHierarchy(image, path);
  if (entry !== undefined && isMerged) return { sight: { kind: 'image', path, entry }, target: entry.target };
  if (image.host !== null) {
    const host = isHidden(image, image.host, path) ? null : lookAtHost(image, image.host, path);
    if (host !== null) return { sight: { kind: 'host', path }, target: host.target };
  }
  if (entry !== undefined) return { sight: { kind: 'unmerged', path }, target: null };
  return { sight: { kind: image.host === null ? 'unknown' : 'missing', path }, target: null };
}

/** Beyond a directory that is not merged, names are all that counts. */
function lookAtUnmerged(image: CheckedImage, path: string): Sight {
  if (image.tree.byPath.has(path)) return { kind: 'unmerged', path };
  return { kind: image.host === null ? 'unknown' : 'missing', path };
}

/** Where the image has a directory and the host something else, or the other way around, nothing of the host is seen below. */
function isHidden(image: CheckedImage, host: CheckedHost, path: string): boolean {
  const parent = posix.dirname(path);
  const entry = image.tree.byPath.get(parent);
  if (entry === undefined || !isInHierarchy(image, parent)) return false;
  return entry.type !== 'directory' || lookAtHost(image, host, parent)?.isDirectory === false;
}

function lookAtHost(image: CheckedImage, { root }: CheckedHost, path: string): OnHost | null {
  const { host: known } = lookingOf(image);
  const before = known.get(path);
  if (before !== undefined) return before;
  const found = readHost(join(root, path));
  known.set(path, found);
  return found;
}

function readHost(place: string): OnHost | null {
  try {
    const status = lstatSync(place, { throwIfNoEntry: false });
    if (status === undefined) return null;
    return {
      target: status.isSymbolicLink() ? readlinkSync(place) : null,
      isDirectory: status.isDirectory(),
    };
  } catch (error) {
    // What this user may not look at can be there.
    return errorCode(error) === 'EACCES' ? { target: null, isDirectory: null } : null;
  }
}
