import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../host/root.js';
import type { CheckedImage } from '../image.js';
import { isTooMuchToLookUp, lookUp } from '../merged-view.js';
import { type Opened, openElf } from './open-elf.js';

/** A file as it is seen when the image is merged. */
export interface Place {
  readonly from: 'image' | 'host';
  /** Below that root, free of symlinks. */
  readonly path: string;
  /** The path that led to it: where its `$ORIGIN` is, see ld.so(8). */
  readonly seenAt: string;
  /** On the machine. */
  readonly file: string;
}

/** What a path leads to; `unknown` if that cannot be told from here. */
export type Look = { readonly kind: 'found'; readonly place: Place } | 'missing' | 'unknown';

/**
 * Look-ups and files of the largest images are a tenth of this. An image can be made so that each of its files asks for
 * thousands; where this ends, the rest is not checked.
 */
export const WORK = 2_000_000;

/** The merged system around the programs of an image, each look-up and file read once. */
export class Surroundings {
  private readonly looks = new Map<string, Look>();
  private readonly gone = new Map<string, boolean>();
  private readonly opened = new Map<string, Opened>();
  private spent = 0;

  constructor(
    readonly image: CheckedImage,
    private readonly work: number = WORK,
  ) {}

  /** Whether all that was asked for was looked at. */
  get isExhausted(): boolean {
    return this.spent > this.work || isTooMuchToLookUp(this.image);
  }

  /** What a piece of work costs. One look-up, or one name in a file, is 1. */
  spend(cost: number): void {
    this.spent += cost;
  }

  /** Looks for a file that is not a directory. */
  find(path: string): Look {
    this.spend(1);
    if (this.isExhausted) return 'unknown';
    const known = this.looks.get(path);
    if (known !== undefined) return known;
    const look = this.look(path);
    this.looks.set(path, look);
    return look;
  }

  /** Whether nothing is at a path, whatever it could be. */
  isMissing(path: string): boolean {
    this.spend(1);
    if (this.isExhausted) return false;
    const known = this.gone.get(path);
    if (known !== undefined) return known;
    const { kind } = lookUp(this.image, path);
    const isMissing = kind === 'missing' || kind === 'unmerged';
    this.gone.set(path, isMissing);
    return isMissing;
  }

  read(place: Place): Opened {
    const known = this.opened.get(place.file);
    if (known !== undefined) return known;
    if (this.isExhausted) return { kind: 'other' };
    const opened = openElf(place.file);
    this.spend(1 + sizeOf(opened));
    this.opened.set(place.file, opened);
    return opened;
  }

  private look(path: string): Look {
    const sight = lookUp(this.image, path);
    switch (sight.kind) {
      case 'image':
        // A device with the number 0 hides what the host has there (whiteouts of overlayfs).
        if (sight.entry.type !== 'file') return 'missing';
        return {
          kind: 'found',
          place: { from: 'image', path: sight.path, seenAt: path, file: join(this.image.root, sight.path) },
        };
      case 'host': {
        const file = join(this.image.host?.root ?? '/', sight.path);
        if (!isFile(file)) return 'missing';
        return { kind: 'found', place: { from: 'host', path: sight.path, seenAt: path, file } };
      }
      case 'missing':
      case 'unmerged':
      case 'loop':
        return 'missing';
      case 'runtime':
        // What was in /tmp where the image was built is not there on another machine.
        return /^\/run(\/|$)/.test(sight.path) ? 'unknown' : 'missing';
      case 'unknown':
        return 'unknown';
    }
  }
}

function isFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch (error) {
    // What this user may not look at can be one.
    return errorCode(error) === 'EACCES';
  }
}

/** Of names, so many characters are a piece of work: that bounds the memory for them as well. */
const CHARACTERS = 64;

function sizeOf(opened: Opened): number {
  if (opened.kind !== 'elf' || opened.elf.dynamic === null) return 0;
  const { needed, rpath, runpath, versionsNeeded, versionsDefined } = opened.elf.dynamic;
  const versions = versionsNeeded.flatMap(({ library, versions: all }) => [
    library,
    ...all.map(({ name }) => name),
  ]);
  const names = [...needed, ...versions, ...(versionsDefined ?? []), rpath ?? '', runpath ?? ''];
  return names.length + Math.floor(names.reduce((sum, { length }) => sum + length, 0) / CHARACTERS);
}
