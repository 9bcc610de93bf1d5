import { join } from 'node:path';
import { type CheckedImage, isInHierarchy } from '../image.js';
import type { Entry } from '../tree.js';
import type { ElfFile } from './format/elf-file.js';
import type { Opened } from './open-elf.js';
import type { Place, Surroundings } from './surroundings.js';

/** A program or library of the image. */
export interface ElfOfImage {
  readonly place: Place;
  readonly elf: ElfFile;
}

export interface ScriptOfImage {
  readonly place: Place;
  readonly shebang: Extract<Opened, { kind: 'script' }>['shebang'];
}

/** What of an image is run or loaded, in the order of the tree. */
export interface Programs {
  readonly elves: readonly ElfOfImage[];
  readonly scripts: readonly ScriptOfImage[];
  readonly damaged: readonly { readonly place: Place; readonly what: Extract<Opened, { kind: 'damaged' }> }[];
  readonly unreadable: readonly { readonly place: Place; readonly code: string }[];
}

/** What is not executable is loaded by a name that says so. */
const LIBRARY = /\.(so(\.[\w.-]+)?|node)$/;

/** Files for debuggers: programs in form, but without the parts that would be loaded. */
const DEBUG = '/usr/lib/debug/';

/** Looks at all files that the image has where it is merged and that can be a program, a library, or a script. */
export function findPrograms(image: CheckedImage, surroundings: Surroundings): Programs {
  const elves: ElfOfImage[] = [];
  const scripts: ScriptOfImage[] = [];
  const damaged: Programs['damaged'][number][] = [];
  const unreadable: Programs['unreadable'][number][] = [];
  for (const entry of image.tree.entries) {
    if (!mayBeProgram(entry) || !isInHierarchy(image, entry.path)) continue;
    const place = placeOf(image, entry.path);
    const opened = surroundings.read(place);
    if (opened.kind === 'elf') elves.push({ place, elf: opened.elf });
    else if (opened.kind === 'script') scripts.push({ place, shebang: opened.shebang });
    else if (opened.kind === 'damaged') damaged.push({ place, what: opened });
    else if (opened.kind === 'unreadable') unreadable.push({ place, code: opened.code });
  }
  return { elves, scripts, damaged, unreadable };
}

function mayBeProgram({ type, isUtf8, size, mode, path }: Entry): boolean {
  if (type !== 'file' || !isUtf8 || size < 4 || path.startsWith(DEBUG)) return false;
  return (mode & 0o111) !== 0 || LIBRARY.test(path);
}

function placeOf({ root }: CheckedImage, path: string): Place {
  return { from: 'image', path, seenAt: path, file: join(root, path) };
}

/** Whether somebody starts it; else it is loaded by what somebody starts. */
export function isProgram({ type, interpreter, dynamic }: ElfFile): boolean {
  return type === 'executable' || interpreter !== null || (dynamic?.isProgram ?? false);
}

/** Directories in which a shell looks for a program that is named without one. */
export const PROGRAM_DIRECTORIES = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
];

/** Whether a program at that path is meant to be started by its name. */
export function isInProgramDirectory(path: string): boolean {
  const directory = path.slice(0, path.lastIndexOf('/'));
  return PROGRAM_DIRECTORIES.includes(directory) || /^\/opt\/([^/]+\/)?s?bin$/.test(directory);
}
