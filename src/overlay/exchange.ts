import { basename, dirname, join } from 'node:path';
import type { BuildPlaces, Detached, Target } from './plan.js';
import type { Step } from './step.js';

/**
 * How what is merged gives way to what shall be merged.
 *
 * - `beneath`: the new overlays are put beneath the old ones, then those are lifted off. Nothing that is in both vanishes.
 * - `replace`: the new overlays are built, then each is shown in place of the old one, which goes just before.
 * - `detach`: all that is merged comes off first.
 */
export type Exchange = 'beneath' | 'replace' | 'detach';

/**
 * Only where each hierarchy stands for itself both merges can be there at once: below a merged hierarchy, another one is
 * mounted on the very merge that goes. And of a stack of merges, which only other programs make, all have to go.
 *
 * @param canPutBeneath whether a mount can be put beneath those at all these places; only asked if it matters
 */
export function chooseExchange(
  detached: readonly Detached[],
  targets: readonly Target[],
  canPutBeneath: (paths: readonly string[]) => boolean,
): Exchange {
  const paths = [...detached.map(({ hierarchy }) => hierarchy.path), ...targets.map(({ path }) => path)];
  const isNested = paths.some((path) => paths.some((other) => path.startsWith(`${other}/`)));
  if (isNested || detached.some(({ isStacked }) => isStacked)) return 'detach';
  const exchanged = targets.filter(({ isMerged }) => isMerged).map(({ path }) => path);
  return exchanged.length > 0 && canPutBeneath(exchanged) ? 'beneath' : 'replace';
}

/** Where the host's own files are while something is merged. */
export interface Reached {
  readonly steps: readonly Step[];
  /** Another path of the same file, if it is in a merged hierarchy: in the host's own directory. */
  own(path: string): string;
}

/** All that is merged is still to be seen, so the directories above the hierarchies are shown once more. */
export function planReach(detached: readonly Detached[], places: Pick<BuildPlaces, 'host'>): Reached {
  const above = [...new Set(detached.map(({ hierarchy }) => dirname(hierarchy.path)))];
  const ways = detached.map(({ hierarchy: { path } }) => ({
    path,
    own: join(places.host(above.indexOf(dirname(path))), basename(path)),
  }));
  return {
    steps: above.map((from, index) => {
      const inside = detached.filter(({ hierarchy }) => dirname(hierarchy.path) === from);
      const to = places.host(index);
      return {
        kind: 'reach',
        from,
        to,
        merged: inside.map(({ hierarchy }) => join(to, basename(hierarchy.path))),
        withMounts: inside.some(({ isMount }) => isMount),
      };
    }),
    own: (path) => {
      const way = ways.find((other) => path === other.path || path.startsWith(`${other.path}/`));
      return way === undefined ? path : way.own + path.slice(way.path.length);
    },
  };
}

/** As if nothing were merged: that comes off first, or there is nothing. */
export const NOTHING_COVERED: Reached = { steps: [], own: (path) => path };

/** A target with the paths of the host's own files. */
export function withOwnPaths(target: Target, { own }: Reached): Target {
  const { writing, extensions, missingParents } = target;
  const { upper, imported } = writing;
  return {
    ...target,
    missingParents: missingParents.map(own),
    extensions: extensions.map((layer) => ({ ...layer, path: own(layer.path) })),
    writing: {
      ...writing,
      imported: imported === null ? null : own(imported),
      // The work directory is beside it, and must be on the same mount.
      upper: upper === null ? null : ownUpper(upper, own(upper.path)),
    },
  };
}

function ownUpper<Upper extends { readonly path: string; readonly work: string }>(
  upper: Upper,
  path: string,
): Upper {
  if (path === upper.path) return upper;
  return { ...upper, path, work: join(dirname(path), basename(upper.work)) };
}

/** Shows what was built where something is merged now. */
export function planExchange(
  targets: readonly Target[],
  exchange: Exchange,
  placeOf: (target: Target) => Omit<Extract<Step, { kind: 'replace' }>, 'kind'>,
): Step[] {
  const places = targets.map(placeOf);
  if (places.length === 0) return [];
  const kept = places.map(({ hierarchy, path, keep }): Step => ({ kind: 'keep', hierarchy, path, keep }));
  if (exchange === 'replace')
    return [...kept, ...places.map((place): Step => ({ kind: 'replace', ...place }))];
  return [
    ...kept,
    ...places.map((place): Step => ({ kind: 'place-beneath', ...place })),
    { kind: 'lift', merges: places.map(({ from, path }) => ({ from, path })) },
  ];
}
