import { type Bytes, bytesOf, joinBytes } from '../host/bytes.js';
import { errorCode, MAX_SYMLINKS } from '../host/root.js';
import { type Entry, readEntry, readTarget } from './entry.js';
import type { LayerStack } from './layer.js';
import type { LayerReader } from './reader.js';
import { type Cover, type Judged, mergedOf, shownOf } from './rules.js';
import { coveredByMount } from './walk.js';

/** A stack that can be read. */
export interface OpenStack {
  readonly stack: LayerStack;
  readonly reader: LayerReader;
}

/** A symlink on the way. */
export interface Link {
  readonly path: Bytes;
  readonly target: Bytes;
}

/** A copy of what was looked for. */
export interface Located extends Judged {
  /** The directory above that is the reason why the copy is hidden, if it is not hidden by one of its own name. */
  readonly hiddenAt: Bytes | null;
}

/** What a path leads to. */
export type Location = { readonly path: Bytes; readonly links: readonly Link[] } & (
  | {
      readonly kind: 'layers';
      readonly in: OpenStack;
      readonly below: Bytes;
      readonly copies: readonly Located[];
    }
  /** Below a mount, which covers all layers; `entry` is what is seen. */
  | {
      readonly kind: 'mount';
      readonly in: OpenStack;
      readonly below: Bytes;
      readonly mount: Bytes;
      readonly entry: Entry | null;
      readonly copies: readonly Located[];
    }
  /** Made for the merge. */
  | { readonly kind: 'metadata'; readonly in: OpenStack }
  | { readonly kind: 'outside'; readonly entry: Entry | null }
  /** More symlinks than the kernel follows. */
  | { readonly kind: 'circle' }
);

/**
 * Looks a path up in the merged tree, as the kernel would below the root: symlinks before the last part are followed.
 *
 * @param root the root on the machine
 * @throws the errors of lstat(2) and readlink(2) outside of the hierarchies
 */
export function locate(root: Bytes, stacks: readonly OpenStack[], path: Bytes): Location {
  const resolved: Bytes[] = [];
  const links: Link[] = [];
  const ahead = path.split('/').reverse();
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      resolved.pop();
      continue;
    }
    resolved.push(part);
    if (!ahead.some((one) => one !== '' && one !== '.')) break;
    const here = `/${resolved.join('/')}`;
    const target = targetOf(root, at(root, stacks, here, links));
    if (target === null) continue;
    links.push({ path: here, target });
    if (links.length > MAX_SYMLINKS) return { kind: 'circle', path: here, links };
    resolved.length = target.startsWith('/') ? 0 : resolved.length - 1;
    ahead.push(...target.split('/').reverse());
  }
  return at(root, stacks, `/${resolved.join('/')}`, links);
}

function at(root: Bytes, stacks: readonly OpenStack[], path: Bytes, links: readonly Link[]): Location {
  const inside = stacks
    .filter(({ stack }) => path === stack.path || path.startsWith(`${stack.path}/`))
    .reduce<OpenStack | null>(
      (a, b) => (a === null || b.stack.path.length > a.stack.path.length ? b : a),
      null,
    );
  if (inside === null) return { kind: 'outside', path, links, entry: seen(joinBytes(root, path.slice(1))) };
  const { stack } = inside;
  const below = path.slice(stack.path.length + 1);
  if (stack.metadata !== null && (below === stack.metadata || below.startsWith(`${stack.metadata}/`)))
    return { kind: 'metadata', path, links, in: inside };
  const mount = stack.mounts.find((one) => below === one || below.startsWith(`${one}/`));
  const copies = copiesAt(inside, below);
  if (mount === undefined) return { kind: 'layers', path, links, in: inside, below, copies };
  const entry = seen(joinBytes(bytesOf(stack.place), below));
  // Of the host nobody can look under a mount.
  const covered = copies
    .filter(({ layer }) => stack.layers[layer]?.owner.kind !== 'host')
    .map((copy) => ({ ...coveredByMount(copy), hiddenAt: below === mount ? null : mount }));
  return { kind: 'mount', path, links, in: inside, below, mount, entry, copies: covered };
}

/** What is hidden is looked for too: in every layer, whatever the layers above have in its place. */
function copiesAt({ reader }: OpenStack, below: Bytes): Located[] {
  const top = reader.top();
  if (below === '')
    return top.flatMap((part, index): Located[] => {
      const entry = reader.entry(part);
      const fate = { kind: index === 0 ? 'shown' : 'merged' } as const;
      return entry === null ? [] : [{ ...part, entry, isOpaque: false, fate, hiddenAt: null }];
    });
  const lost = new Map<number, { by: number | null; cover: Cover; at: Bytes }>();
  const parts = below.split('/');
  let directory: readonly { layer: number; path: Bytes }[] = top;
  let copies: Judged[] = [];
  let here: Bytes = '';
  for (const [index, name] of parts.entries()) {
    here = joinBytes(here, name);
    copies = reader.copies(directory, name);
    if (index === parts.length - 1) break;
    for (const { layer, fate } of copies)
      if (fate.kind === 'hidden') lost.set(layer, { by: fate.by, cover: fate.cover, at: here });
    directory = mergedOf(copies);
  }
  const found = copies.map((copy): Located => ({ ...copy, hiddenAt: null }));
  const hidden = [...lost].flatMap(([layer, { by, cover, at }]): Located[] => {
    const entry = plainEntry(reader, layer, parts);
    if (entry === null) return [];
    return [
      { layer, path: below, entry, isOpaque: false, fate: { kind: 'hidden', by, cover }, hiddenAt: at },
    ];
  });
  return [...found, ...hidden].sort((a, b) => a.layer - b.layer);
}

/** Only if no symlink is on the way, which would lead out of the layer. */
function plainEntry(reader: LayerReader, layer: number, parts: readonly Bytes[]): Entry | null {
  let path: Bytes = '';
  let entry: Entry | null = null;
  for (const [index, name] of parts.entries()) {
    path = joinBytes(path, name);
    entry = reader.entry({ layer, path });
    if (index < parts.length - 1 && entry?.type !== 'directory') return null;
  }
  return entry;
}

/** Of a symlink, where it leads. */
function targetOf(root: Bytes, location: Location): Bytes | null {
  if (location.kind === 'outside')
    return location.entry?.type === 'symlink' ? readTarget(joinBytes(root, location.path.slice(1))) : null;
  if (location.kind === 'mount') {
    const path = joinBytes(bytesOf(location.in.stack.place), location.below);
    return location.entry?.type === 'symlink' ? readTarget(path) : null;
  }
  if (location.kind !== 'layers') return null;
  const shown = shownOf(location.copies);
  return shown?.entry.type === 'symlink' ? readTarget(location.in.reader.pathOf(shown)) : null;
}

function seen(path: Bytes): Entry | null {
  try {
    return readEntry(path);
  } catch (error) {
    // As for everybody who may not look.
    if (errorCode(error) === 'EACCES' || errorCode(error) === 'ENAMETOOLONG') return null;
    throw error;
  }
}
