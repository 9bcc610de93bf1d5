import { posix } from 'node:path';
import type { ExtensionClass } from '../../extension-class.js';
import type { CheckedImage } from '../image.js';
import type { Entry } from '../tree.js';
import { type Assignments, LIMIT, readUnitFile } from './unit-file.js';

/** A unit file of an image. */
export interface Unit {
  readonly name: string;
  readonly path: string;
  readonly manager: 'system' | 'user';
  readonly assignments: Assignments;
}

/** A file in `UNIT.d/`, which adds to a unit of the image or of the host. */
export interface DropIn {
  readonly unit: string;
  readonly path: string;
  readonly manager: 'system' | 'user';
  readonly assignments: Assignments;
}

/** A link in `UNIT.wants/` and the like, which makes one unit start another. */
export interface UnitLink {
  readonly unit: string;
  readonly kind: 'wants' | 'requires' | 'upholds';
  readonly starts: string;
  readonly manager: 'system' | 'user';
}

/** All that an image tells a service manager. */
export interface Units {
  readonly units: readonly Unit[];
  readonly dropIns: readonly DropIn[];
  readonly links: readonly UnitLink[];
  /** Files that ought to be units or drop-ins, and cannot be read. */
  readonly unreadable: readonly Entry[];
  /** There are more than are looked at. */
  readonly isCut: boolean;
}

/** No extension has so many units and drop-ins, or so much text in them; what is read is held. */
const MOST_FILES = 2000;
const MOST_BYTES = 4 * 1024 * 1024;

const TYPE = /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/;

/** The unit directories of a class that its images can have (systemd.unit(5)). */
export function unitDirectories({ name }: ExtensionClass, manager: Unit['manager']): string[] {
  if (name === 'confext') return [`/etc/systemd/${manager}`];
  return [`/usr/lib/systemd/${manager}`, `/usr/local/lib/systemd/${manager}`];
}

const READ = new WeakMap<CheckedImage, Units>();

/** Reads all unit files of an image; once. */
export function findUnits(image: CheckedImage): Units {
  const known = READ.get(image) ?? readUnits(image);
  READ.set(image, known);
  return known;
}

function readUnits(image: CheckedImage): Units {
  const found = {
    units: [] as Unit[],
    dropIns: [] as DropIn[],
    links: [] as UnitLink[],
    unreadable: [] as Entry[],
  };
  let files = 0;
  let bytes = 0;
  for (const entry of image.tree.entries) {
    const place = placeOf(image, entry.path);
    if (place === null || !entry.isUtf8) continue;
    const { manager, name, directory } = place;
    const linked = /^(.+)\.(wants|requires|upholds)$/.exec(directory);
    if (linked !== null) {
      const [, unit = '', kind] = linked;
      found.links.push({ unit, kind: kind as UnitLink['kind'], starts: name, manager });
      continue;
    }
    const dropIn = /^(.+)\.d$/.exec(directory)?.[1] ?? null;
    const isUnit = directory === '' && TYPE.test(name);
    const isDropIn = dropIn !== null && name.endsWith('.conf');
    // A symlink is another name of a unit, or masks one.
    if (!(isUnit || isDropIn) || entry.type === 'symlink' || (isUnit && entry.type === 'directory')) continue;
    files += 1;
    if (entry.size <= LIMIT) bytes += entry.size;
    if (files > MOST_FILES || bytes > MOST_BYTES) continue;
    const assignments = entry.type === 'file' ? readUnitFile(image.root, entry.path) : null;
    if (assignments === null) found.unreadable.push(entry);
    else if (dropIn !== null) found.dropIns.push({ unit: dropIn, path: entry.path, manager, assignments });
    else found.units.push({ name, path: entry.path, manager, assignments });
  }
  return { ...found, isCut: files > MOST_FILES || bytes > MOST_BYTES };
}

/** Which unit directory it is in; `directory` is the one between, as `foo.service.d`, or empty. */
function placeOf({ extensionClass }: CheckedImage, path: string) {
  for (const manager of ['system', 'user'] as const) {
    for (const top of unitDirectories(extensionClass, manager)) {
      if (!path.startsWith(`${top}/`)) continue;
      const inside = path.slice(top.length + 1);
      const directory = posix.dirname(inside);
      if (directory.includes('/')) return null;
      return { manager, name: posix.basename(inside), directory: directory === '.' ? '' : directory };
    }
  }
  return null;
}

/** `a@.service` of `a@b.service`; `null` for what is no instance. */
export function templateOf(name: string): string | null {
  const at = /^([^@]+@)[^@]+(\.[a-z]+)$/.exec(name);
  return at === null ? null : `${at[1]}${at[2]}`;
}

export function isTemplate(name: string): boolean {
  return /@\.[a-z]+$/.test(name);
}
