import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { readMountTable } from '../host/mount-table.js';
import { formatOf } from '../images/dissection.js';
import type { Image } from '../images/image.js';
import type { ImageRecord, Protection } from '../overlay/origin.js';
import type { OpenExtension } from '../overlay/stack.js';
import { type ImageProblem, UnusableImagesError, type UsableImage } from './examine-images.js';
import { type MountableFileSystem, mountImages, mountOptions } from './images.js';
import type { LoopWindow } from './loop-window.js';
import { releaseDevices } from './mapped/release.js';
import type { MountedPart, PartDevice } from './mounted-part.js';
import { openDirectory } from './open-directory.js';
import { type OpenPart, type OpenSettings, openPart, type PartUse } from './open-part.js';
import type { CheckReport } from './open-verity.js';
import type { Workspace } from './workspace.js';

/** An image whose files can be read. */
export interface OpenImage extends OpenExtension {
  readonly image: Image;
  /** What was mounted; `null` for a directory. */
  readonly record: ImageRecord | null;
  /** How its parts were mounted, in the order of `record.loopDevices`; none of a directory. */
  readonly parts: readonly MountedPart[];
  /** How its parts were checked, those that could be. */
  readonly checks: readonly CheckReport[];
}

/** A part that is ready to be mounted at a directory of the workspace. */
interface Opening {
  readonly use: PartUse;
  readonly part: OpenPart;
  readonly at: string;
  /** A usr partition beside a root partition: where it belongs is known when that is mounted. */
  readonly isInner: boolean;
}

/** Shows file systems at directories that are made for that, read-only; {@link mountImages} has the kernel do it. */
export type ProvideFiles = typeof mountImages;

/**
 * Makes the files of all images readable: directories as they are, file systems by mounting them in the workspace. What
 * carries a hash tree is checked before, or by the kernel while it is read.
 *
 * @param usable from examineImages()
 * @param flags mount flags beside `ro`
 * @param provide how the file systems are shown
 * @returns in the order of `images`
 * @throws UnusableImagesError, CommandMissingError, CommandFailedError of losetup(8), what `provide` throws: ImageMountError
 */
export function openImages(
  images: readonly Image[],
  usable: ReadonlyMap<Image, UsableImage>,
  flags: readonly string[],
  settings: OpenSettings,
  workspace: Workspace,
  provide: ProvideFiles = mountImages,
): OpenImage[] {
  const openings: Opening[] = [];
  let loops: ReadonlyMap<string, string>;
  try {
    for (const { uses } of usable.values())
      for (const use of uses) openings.push(prepare(use, uses, settings, workspace));
    // Root file systems first, since others are mounted in them.
    const show = (parts: readonly Opening[]) => provide(parts.map(mountableOf), flags, workspace);
    show(openings.filter(({ isInner }) => !isInner));
    show(openings.filter(({ isInner }) => isInner).map(checkUsr));
    for (const { use, part } of openings)
      if (part.held?.isUnchanged() === false) fail(use.image, { kind: 'changed' });
    loops = loopDevicesOf(openings);
  } finally {
    for (const { part } of openings) part.held?.close();
    // What is mounted keeps its devices; those of what was not mounted go now.
    releaseDevices(workspace);
  }
  return images.map((image) => {
    const examined = usable.get(image);
    if (examined === undefined) return openDirectory(image);
    const opened = openings.filter(({ use }) => use.image === image);
    return {
      image,
      name: image.name,
      root: workspace.extension(image.name),
      record: recordOf(examined, opened, loops),
      parts: opened.map(describePart(flags, loops)),
      checks: opened.flatMap(({ part }) => part.check ?? []),
    };
  });
}

function prepare(
  use: PartUse,
  uses: readonly PartUse[],
  settings: OpenSettings,
  workspace: Workspace,
): Opening {
  const part = openPart(use, settings, workspace);
  if (part.kind !== 'open') return fail(use.image, { kind: 'part', use, problem: part });
  const root = workspace.extension(use.image.name);
  const isUsr = use.part.designator === 'usr';
  return { use, part, at: isUsr ? join(root, 'usr') : root, isInner: isUsr && uses.length > 1 };
}

/** A symlink would be followed by mount(8), and an image can have one that leads out of it. */
function checkUsr(opening: Opening): Opening {
  const isDirectory = lstatSync(opening.at, { throwIfNoEntry: false })?.isDirectory() === true;
  return isDirectory ? opening : fail(opening.use.image, { kind: 'no-usr-directory' });
}

function mountableOf({ use: { image }, part, at }: Opening): MountableFileSystem {
  return { name: image.name, path: image.path, at, ...part.mountable };
}

function fail(image: Image, problem: ImageProblem): never {
  throw new UnusableImagesError([{ image, problem }]);
}

/** The loop devices that mount(8) has made, by mount point. */
function loopDevicesOf(openings: readonly Opening[]): ReadonlyMap<string, string> {
  const places = new Set(openings.map(({ at }) => at));
  if (places.size === 0) return new Map();
  const mounts = readMountTable().filter(({ path, source }) => {
    return places.has(path) && source.startsWith('/dev/loop');
  });
  return new Map(mounts.map(({ path, source }) => [path, source]));
}

const describePart =
  (flags: readonly string[], loops: ReadonlyMap<string, string>) =>
  ({ use, part, at }: Opening): MountedPart => {
    const { source, type, loop } = part.mountable;
    return {
      designator: use.part.designator,
      type,
      device: part.mapped ?? deviceOf(source, loop, loops.has(at)),
      options: mountOptions(type, [], flags),
      at,
    };
  };

function deviceOf(path: string, loop: LoopWindow | null, hasLoop: boolean): PartDevice {
  if (loop === null) return { kind: 'block', path };
  return hasLoop ? { kind: 'loop', path, ...loop } : { kind: 'file', path, offset: loop.offset };
}

function recordOf(
  { examination: { dissection } }: UsableImage,
  opened: readonly Opening[],
  loops: ReadonlyMap<string, string>,
): ImageRecord {
  return {
    format: formatOf(dissection),
    partitions: dissection.table === null ? [] : opened.map(({ use }) => use.part.designator),
    protection: weakest(opened.map(({ part }) => part.protection)),
    rootHash: opened.map(({ part }) => part.rootHash).find((hash) => hash !== null) ?? null,
    loopDevices: opened.flatMap(({ part, at }) => {
      const loop = loops.get(at);
      return loop === undefined ? part.loopDevices : [...part.loopDevices, loop];
    }),
  };
}

/** Of an image with two parts what can be said of both. */
function weakest(protections: readonly Protection[]): Protection {
  const order: readonly Protection[] = ['unprotected', 'encrypted', 'verity', 'signed'];
  return order.find((protection) => protections.includes(protection)) ?? 'unprotected';
}
