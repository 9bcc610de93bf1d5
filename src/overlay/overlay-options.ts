import { isPlainPath, type LowerDirectories } from './lower-directories.js';
import type { Step } from './step.js';

type MountOverlay = Extract<Step, { kind: 'mount-overlay' }>;

/**
 * Of a writable overlay. `index` and `metacopy` are off because the host's directory, which changes with every update,
 * may not be what it was when the upper directory was written.
 */
const DEFAULTS = 'redirect_dir=on,metacopy=off,index=off';

/** The options for what is written to; symlinks for the same reason as for lower directories. */
export function upperLinks({ upper }: Pick<MountOverlay, 'upper'>): LowerDirectories {
  if (upper === null) return { value: '', links: new Map() };
  const links = new Map<string, string>();
  const name = (target: string, link: string) => {
    if (isPlainPath(target)) return target;
    links.set(link, target);
    return link;
  };
  const value = `upperdir=${name(upper.path, 'upper')},workdir=${name(upper.work, 'work')}`;
  return { value, links };
}

/** All options of an overlay, as mount(8) gets them. @param lower value of `lowerdir=` */
export function overlayOptions(
  { flags, upper, options }: Pick<MountOverlay, 'flags' | 'upper' | 'options'>,
  lower: string,
  { value: writable }: LowerDirectories,
): string {
  const more = (options ?? (upper === null ? '' : DEFAULTS)).split(',');
  return [...flags, `lowerdir=${lower}`, writable, ...more].filter(Boolean).join(',');
}
