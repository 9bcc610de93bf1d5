import type { Content, FileSystem } from '../images/content.js';
import { identifyFile } from '../images/identify.js';
import type { Image } from '../images/image.js';
import type { OpenExtension } from '../overlay/stack.js';
import { mountImages } from './images.js';
import type { Workspace } from './workspace.js';

/** Image files that hold nothing which could be merged. */
export class UnusableImagesError extends Error {
  constructor(readonly images: readonly { readonly image: Image; readonly content: Content }[]) {
    super(`Unusable: ${images.map(({ image }) => image.path).join(', ')}`);
  }
}

/** An image whose files can be read. */
export interface OpenImage extends OpenExtension {
  readonly image: Image;
}

/** File systems that overlayfs refuses as layers (fs/overlayfs/super.c: names must be case-sensitive). */
const NO_LAYERS: ReadonlySet<string> = new Set(['vfat']);

/**
 * Says what each image file is. Reads only; asked before anything is mounted.
 *
 * @returns the file systems by image, for the images that are files or block devices
 * @throws UnusableImagesError with all that are not usable; the errors of open(2), when an image vanishes
 */
export function identifyImages(images: readonly Image[]): ReadonlyMap<Image, FileSystem> {
  const files = images.filter(({ kind }) => kind === 'raw' || kind === 'block');
  const identified = files.map((image) => ({ image, content: identifyFile(image.path) }));
  const unusable = identified.filter(
    ({ content }) => content.kind !== 'file-system' || NO_LAYERS.has(content.type),
  );
  if (unusable.length > 0) throw new UnusableImagesError(unusable);
  return new Map(
    identified.flatMap(({ image, content }) => (content.kind === 'file-system' ? [[image, content]] : [])),
  );
}

/**
 * Makes the files of all images readable: directories as they are, file systems by mounting them in the workspace.
 *
 * @param fileSystems from {@link identifyImages}
 * @returns in the order of `images`
 * @throws ImageMountError, CommandMissingError
 */
export function openImages(
  images: readonly Image[],
  fileSystems: ReadonlyMap<Image, FileSystem>,
  flags: readonly string[],
  workspace: Workspace,
): OpenImage[] {
  const mountable = [...fileSystems].map(([{ name, path, kind }, { type }]) => {
    return { name, path, type, isBlockDevice: kind === 'block' };
  });
  mountImages(mountable, flags, workspace);
  return images.map((image) => {
    return {
      image,
      name: image.name,
      root: fileSystems.has(image) ? workspace.extension(image.name) : image.path,
    };
  });
}
