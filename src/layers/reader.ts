import { opendirSync } from 'node:fs';
import { type Bytes, bufferOf, joinBytes } from '../host/bytes.js';
import { errorCode } from '../host/root.js';
import { type Entry, readEntry } from './entry.js';
import type { Layer } from './layer.js';
import { type Copy, type Judged, judgeCopies } from './rules.js';

/** A directory of one layer. */
export interface Part {
  readonly layer: number;
  readonly path: Bytes;
}

/** Directories that are seen as one, top first. */
export type MergedDirectory = readonly Part[];

/** More entries are looked at in no walk, and more names kept of no directory. */
export interface Limits {
  readonly entries: number;
  readonly names: number;
}
export const LIMITS: Limits = { entries: 10_000_000, names: 500_000 };

/** What could not be read. */
export interface Troubles {
  /** Files and directories that this user may not see, or that cannot be read for another reason. */
  readonly unreadable: readonly { readonly layer: number; readonly path: Bytes }[];
  readonly unreadableCount: number;
  /** There is more than was looked at. */
  readonly isCut: boolean;
}

/** Reads the directories of layers. What cannot be read is noted and counts as not there. */
export class LayerReader {
  readonly layers: readonly Layer[];
  readonly #limits: Limits;
  readonly #unreadable: { layer: number; path: Bytes }[] = [];
  #unreadableCount = 0;
  #seen = 0;
  #isCut = false;

  constructor(layers: readonly Layer[], limits: Limits = LIMITS) {
    this.layers = layers;
    this.#limits = limits;
  }

  get troubles(): Troubles {
    return {
      unreadable: this.#unreadable,
      unreadableCount: this.#unreadableCount,
      isCut: this.#isCut,
    };
  }

  /** The directory in which all layers begin; an opaque mark on it means nothing to the kernel. */
  top(): Part[] {
    return this.layers.flatMap(({ root }, layer) => (root === null ? [] : [{ layer, path: '' }]));
  }

  /** On the machine. */
  pathOf({ layer, path }: Part): Bytes {
    return joinBytes(this.layers[layer]?.root ?? '', path);
  }

  /** What is there in one layer, whatever the others have; `null` for nothing. */
  entry(part: Part): Entry | null {
    try {
      const found = readEntry(this.pathOf(part));
      const marks = this.layers[part.layer]!.marks;
      if (found?.type === 'file' && found.size === 0 && marks.whiteouts.has(part.path))
        return { ...found, type: 'whiteout' };
      return found;
    } catch (error) {
      this.note(part, error);
      return null;
    }
  }

  /** The names in a directory of one layer. */
  *names(part: Part): Generator<Bytes> {
    let count = 0;
    try {
      // Node's types do not know that the path may be bytes, nor that names may be: both are.
      const directory = opendirSync(bufferOf(this.pathOf(part)) as unknown as string, {
        encoding: 'latin1' as BufferEncoding,
        bufferSize: 256,
      });
      try {
        for (let found = directory.readSync(); found !== null; found = directory.readSync()) {
          this.#seen += 1;
          count += 1;
          if (this.#seen > this.#limits.entries || count > this.#limits.names) {
            this.#isCut = true;
            return;
          }
          yield found.name;
        }
      } finally {
        directory.closeSync();
      }
    } catch (error) {
      this.note(part, error);
    }
  }

  /**
   * All copies of a name in a directory, with what becomes of each.
   *
   * @param has whether a layer may have the name; saves looking
   */
  copies(directory: MergedDirectory, name: Bytes, has: (layer: number) => boolean = () => true): Judged[] {
    const copies: Copy[] = [];
    let ahead: readonly Part[] = directory.map(({ layer, path }) => ({ layer, path: joinBytes(path, name) }));
    let isListed = true;
    for (let index = 0; index < ahead.length; index += 1) {
      const part = ahead[index]!;
      const entry = isListed && !has(part.layer) ? null : this.entry(part);
      if (entry === null) continue;
      const { opaque, redirects } = this.layers[part.layer]!.marks;
      const isDirectory = entry.type === 'directory';
      copies.push({ ...part, entry, isOpaque: isDirectory && opaque.has(part.path) });
      const redirect = isDirectory ? redirects.get(part.path) : undefined;
      if (redirect === undefined) continue;
      ahead = this.#redirected(part, redirect, directory);
      isListed = false;
      index = -1;
    }
    return judgeCopies(copies);
  }

  /** Where the layers below a renamed directory have what belongs to it (overlayfs.rst, "redirect_dir"). */
  #redirected(part: Part, redirect: Bytes, directory: MergedDirectory): Part[] {
    const below = redirect.startsWith('/')
      ? this.top().map(({ layer }) => ({ layer, path: redirect.slice(1) }))
      : directory.map(({ layer, path }) => ({ layer, path: joinBytes(path, redirect) }));
    const found: Part[] = [];
    for (const one of below) {
      if (one.layer <= part.layer) continue;
      const way = this.#wayTo(one);
      if (way === 'open' || way === 'opaque') found.push(one);
      if (way === 'closed' || way === 'opaque') break;
    }
    return found;
  }

  /** As the kernel goes through a redirect: it follows no symlink, and what hides something on the way ends it. */
  #wayTo({ layer, path }: Part): 'open' | 'opaque' | 'missing' | 'closed' {
    const parts = path.split('/');
    if (parts.some((name) => name === '' || name === '.' || name === '..')) return 'missing';
    let way: 'open' | 'opaque' = 'open';
    for (const index of parts.slice(0, -1).keys()) {
      const here = parts.slice(0, index + 1).join('/');
      const entry = this.entry({ layer, path: here });
      if (entry === null) return 'missing';
      if (entry.type !== 'directory') return 'closed';
      if (this.layers[layer]!.marks.opaque.has(here)) way = 'opaque';
    }
    return way;
  }

  note(part: Part, error: unknown): void {
    // It went away while we looked.
    if (errorCode(error) === 'ENOENT') return;
    if (errorCode(error) === undefined) throw error;
    this.#unreadableCount += 1;
    if (this.#unreadable.length < 100) this.#unreadable.push({ layer: part.layer, path: part.path });
  }
}
