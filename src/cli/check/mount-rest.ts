import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, textOf } from '../../host/bytes.js';
import { insideRoot } from '../../host/root.js';
import type { Layer, LayerStack } from '../../layers/layer.js';
import type { MarkSpace } from '../../layers/marks.js';
import { commands, mount, tryToMount } from '../../mount/mount-command.js';

/** What is merged, taken apart. */
export interface Rest {
  /** The root as everybody sees it. */
  readonly root: string;
  /** A copy of its mounts without what is merged. */
  readonly copy: string;
  /** The layers of what is merged. */
  readonly stacks: readonly LayerStack[];
  /** Which attributes the overlays go by. */
  readonly space: MarkSpace;
  readonly leaveOut: (layer: Layer) => boolean;
}

/**
 * Merges once more into the copy what can be read and is not left out, and mounts what is mounted below a hierarchy.
 *
 * @param at an empty directory for that
 * @returns what unmounts all of it
 * @throws MountFailedError, which leaves nothing mounted; CommandMissingError
 */
export function mountRest(rest: Rest, at: string, lock: number): () => void {
  const mounted: string[] = [];
  const unmount = () => {
    for (const path of mounted.splice(0).reverse())
      mount(`unmount '${path}'`, commands.detach(path), { lock });
  };
  try {
    const built = rest.stacks.map((stack, index) => {
      const place = join(at, String(index));
      return { stack, overlay: build(rest, stack, place, lock, mounted) };
    });
    // Only when all are built: a hierarchy may lie inside of another one, whose overlay would cover it.
    for (const { stack, overlay } of built.toSorted((a, b) => a.stack.place.length - b.stack.place.length)) {
      const target = join(rest.copy, insideRoot(rest.root, stack.place));
      if (overlay !== null) {
        mount(`show the host at '${target}'`, commands.copyDirectory(overlay, target), { lock });
        mounted.push(target);
      }
      for (const relative of stack.mounts.map(textToMount)) {
        const to = join(target, relative);
        // Its mount point may be in the extension that is left out; then it would not be there.
        if (tryToMount(commands.bindTree(join(stack.place, relative), to), { lock })) mounted.push(to);
      }
    }
    return unmount;
  } catch (error) {
    unmount();
    throw error;
  }
}

const textToMount = (relative: Bytes): string => textOf(relative);

/** @returns where the rest of a hierarchy is merged; `null` if that is what the copy has there anyway */
function build(
  { leaveOut, space }: Rest,
  { hierarchy, layers }: LayerStack,
  place: string,
  lock: number,
  mounted: string[],
): string | null {
  const rest = layers.filter((layer) => layer.root !== null && !leaveOut(layer));
  if (rest.every(({ owner }) => owner.kind === 'host')) return null;
  // By numbers, since names may have characters that mount(8) and overlayfs take for their own.
  const numbers = rest.map(({ root }, index) => {
    const directory = join(place, String(index));
    mkdirSync(directory, { recursive: true });
    mount(`show a layer of '${hierarchy}'`, commands.copyDirectory(textOf(root!), directory), { lock });
    mounted.push(directory);
    return String(index);
  });
  if (numbers.length === 1) return join(place, '0');
  const overlay = join(place, 'overlay');
  mkdirSync(overlay);
  const options = ['ro', `lowerdir=${numbers.join(':')}`, ...(space === 'user' ? ['userxattr'] : [])];
  const command = commands.overlay(overlay, 'sysext', options.join(','));
  mount(`mount the overlay for '${hierarchy}'`, command, { cwd: place, lock });
  mounted.push(overlay);
  return overlay;
}
