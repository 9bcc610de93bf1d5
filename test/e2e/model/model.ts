/*
 * What should be mounted, said as simply as it can be: no plan, no layers, no paths. It knows of each class which
 * extensions there are, and what the last call that succeeded has merged.
 */

/** In the order of their layers, the lowest first: UAPI.10, by which `a2` is older than `a10`, and `b~1` than `b`. */
export const NAMES = ['a2', 'a10', 'b~1', 'b'] as const;
export type Name = (typeof NAMES)[number];

export const CLASSES = ['sysext', 'confext'] as const;
export type ClassName = (typeof CLASSES)[number];

export type Hierarchy = 'usr' | 'opt' | 'etc';
export const HIERARCHIES: Readonly<Record<ClassName, readonly Hierarchy[]>> = {
  sysext: ['usr', 'opt'],
  confext: ['etc'],
};

export const MODES = ['no', 'yes', 'ephemeral'] as const;
export type Mode = (typeof MODES)[number];

/** An extension that is installed. */
export interface Installed {
  readonly kind: 'directory' | 'image';
  /** Made for this host. */
  readonly fits: boolean;
  /** A file that is no image: a merge is all or nothing. */
  readonly isBroken: boolean;
  /** Whether it has files in `/opt` as well; all have some where their release file is. */
  readonly hasOpt: boolean;
  /** Hidden by an empty directory of its name, in a directory that counts before. */
  readonly isMasked: boolean;
}

export interface Merged {
  /** All that take part, in each hierarchy. */
  readonly names: readonly Name[];
  /** Those of them that have a layer in this one. */
  readonly layers: readonly Name[];
  readonly mode: Mode;
}

export interface Side {
  readonly installed: ReadonlyMap<Name, Installed>;
  readonly merged: ReadonlyMap<Hierarchy, Merged>;
}

export type State = Readonly<Record<ClassName, Side>>;

const NOTHING: Side = { installed: new Map(), merged: new Map() };
export const INITIAL: State = { sysext: NOTHING, confext: NOTHING };

export type Verb = 'merge' | 'refresh' | 'unmerge';

/** What a call makes of a class, if nothing goes wrong. `fails`: it says so, and changes nothing. */
export function afterCall(
  side: Side,
  className: ClassName,
  verb: Verb,
  mode: Mode,
): { readonly side: Side; readonly fails: boolean } {
  if (verb === 'unmerge') return { side: { ...side, merged: new Map() }, fails: false };
  const seen = NAMES.flatMap((name) => {
    const one = side.installed.get(name);
    return one === undefined || one.isMasked ? [] : [{ name, ...one }];
  });
  const isRefused = verb === 'merge' && side.merged.size > 0;
  if (isRefused || seen.some(({ isBroken }) => isBroken)) return { side, fails: true };
  const accepted = seen.filter(({ fits }) => fits);
  const names = accepted.map(({ name }) => name);
  const merged = HIERARCHIES[className].flatMap((hierarchy) => {
    const layers = accepted.filter(({ hasOpt }) => hierarchy !== 'opt' || hasOpt).map(({ name }) => name);
    // What is writable is merged also without any extension.
    return layers.length === 0 && mode === 'no' ? [] : [[hierarchy, { names, layers, mode }] as const];
  });
  return { side: { ...side, merged: new Map(merged) }, fails: false };
}
