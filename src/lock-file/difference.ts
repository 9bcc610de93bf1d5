import type { MutableMode } from '../overlay/mutable-mode.js';
import type { Protection } from '../overlay/origin.js';
import type { Lock, LockedExtension, LockedHost } from './lock.js';

/** One thing in which a machine is not what a lock file says. */
export type Difference =
  | {
      readonly kind: 'host';
      readonly field: keyof LockedHost;
      readonly wanted: string | null;
      readonly found: string | null;
    }
  | { readonly kind: 'mutable'; readonly wanted: MutableMode; readonly found: MutableMode }
  | { readonly kind: 'hierarchies'; readonly wanted: readonly string[]; readonly found: readonly string[] }
  /** It is not installed, or not merged; where it was. */
  | { readonly kind: 'missing'; readonly name: string; readonly path: string }
  /** It is merged, and not in the lock file. */
  | { readonly kind: 'surplus'; readonly name: string }
  /** It is there, but does not fit the host. */
  | { readonly kind: 'unfit'; readonly name: string }
  | {
      readonly kind: 'version';
      readonly name: string;
      readonly wanted: string | null;
      readonly found: string | null;
    }
  | {
      readonly kind: 'content';
      readonly name: string;
      readonly path: string;
      readonly wanted: string;
      readonly found: string;
    }
  | {
      readonly kind: 'protection';
      readonly name: string;
      readonly wanted: Protection | null;
      readonly found: Protection | null;
    }
  /** The same ones are there, on each other in another way. */
  | { readonly kind: 'order'; readonly wanted: readonly string[]; readonly found: readonly string[] };

/** An extension as it was found. */
export type FoundExtension = LockedExtension;

export function compareHosts(wanted: LockedHost, found: LockedHost): Difference[] {
  return (['id', 'versionId', 'level', 'architecture'] as const).flatMap((field): Difference[] =>
    wanted[field] === found[field]
      ? []
      : [{ kind: 'host', field, wanted: wanted[field], found: found[field] }],
  );
}

export function compareModes(wanted: MutableMode, found: MutableMode): Difference[] {
  return wanted === found ? [] : [{ kind: 'mutable', wanted, found }];
}

/** Where it lies does not matter: its content is what is compared. */
export function compareExtensions(wanted: LockedExtension, found: FoundExtension): Difference[] {
  const { name, path } = found;
  const differences: Difference[] = [];
  if (wanted.version !== found.version)
    differences.push({ kind: 'version', name, wanted: wanted.version, found: found.version });
  if (wanted.digest !== found.digest)
    differences.push({ kind: 'content', name, path, wanted: wanted.digest, found: found.digest });
  if (wanted.protection !== found.protection)
    differences.push({ kind: 'protection', name, wanted: wanted.protection, found: found.protection });
  return differences;
}

/** A machine with what a lock file says. @param untold names of extensions of which nobody knows what they are */
export function compareLocks(wanted: Lock, found: Lock, untold: ReadonlySet<string>): Difference[] {
  const names = (lock: Lock) => lock.extensions.map(({ name }) => name);
  const [before, now] = [names(wanted), [...names(found)]];
  const common = (list: readonly string[], other: readonly string[]) =>
    list.filter((name) => other.includes(name));
  const [order, other] = [common(before, now), common(now, before)];
  const isSame = (a: readonly string[], b: readonly string[]) => a.join('\0') === b.join('\0');
  return [
    ...compareHosts(wanted.host, found.host),
    ...compareModes(wanted.mutable, found.mutable),
    ...(isSame(wanted.hierarchies.toSorted(), found.hierarchies.toSorted())
      ? []
      : [{ kind: 'hierarchies', wanted: wanted.hierarchies, found: found.hierarchies } as const]),
    ...wanted.extensions.flatMap((one): Difference[] => {
      const same = found.extensions.find(({ name }) => name === one.name);
      if (same === undefined) return [{ kind: 'missing', name: one.name, path: one.path }];
      return untold.has(one.name) ? [] : compareExtensions(one, same);
    }),
    ...now.filter((name) => !before.includes(name)).map((name) => ({ kind: 'surplus', name }) as const),
    ...(isSame(order, other) ? [] : [{ kind: 'order', wanted: order, found: other } as const]),
  ];
}
