import type { FileSystem } from '../images/content.js';

const NO_LAYERS: ReadonlySet<string> = new Set(['vfat']);

/** Whether overlayfs takes layers from it: not if its names are not case-sensitive (fs/overlayfs/super.c). */
export function givesLayers({ type }: FileSystem): boolean {
  return !NO_LAYERS.has(type);
}
