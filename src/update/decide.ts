import { compareVersions } from '../images/version-order.js';
import { type Instance, isSameVersion, isSpent } from './instances.js';
import { formatPattern, type NameFields } from './pattern.js';
import type { Installed } from './target-names.js';
import type { Target, Transfer } from './transfer.js';

/** What there is of a resource. */
export interface Stock {
  readonly transfer: Transfer;
  readonly available: readonly Instance[];
  readonly installed: Installed;
}

/** What is to be done about a resource. */
export interface Delivery {
  readonly transfer: Transfer;
  /** `null` if that version is there already. */
  readonly source: Instance | null;
  /** Where it goes, relative to the directory of the target. */
  readonly path: string;
  /** What has to go so that there are not too many versions; the oldest first. */
  readonly remove: readonly Instance[];
  readonly removeTemporary: readonly string[];
}

/** How a component stands. Versions are those that all of its resources have. */
export type UpdateDecision = {
  /** `null` if nothing is installed as a whole. */
  readonly installed: string | null;
  /** `null` if nothing is to be had that would count. */
  readonly newest: string | null;
} & (
  | { readonly kind: 'up-to-date' }
  | { readonly kind: 'update'; readonly version: string; readonly deliveries: readonly Delivery[] }
  /** The pattern of the target has a wildcard of which neither the source nor a setting knows what to put there. */
  | { readonly kind: 'no-name'; readonly transfer: Transfer; readonly wildcard: string }
);

/**
 * Decides what an update of a component does: the newest version that all resources can have, if it is newer than what is
 * installed of all of them (sysupdate.d(5)).
 */
export function decideUpdate(stocks: readonly Stock[]): UpdateDecision {
  const installed = newestOfAll(stocks.map(({ installed }) => installed.instances));
  const newest = newestOfAll(stocks.map(({ transfer, available }) => available.filter(isRecent(transfer))));
  if (newest === null || (installed !== null && compareVersions(newest, installed) <= 0))
    return { kind: 'up-to-date', installed, newest };
  const deliveries: Delivery[] = [];
  for (const stock of stocks) {
    const delivery = deliver(stock, newest);
    if ('unknown' in delivery)
      return { kind: 'no-name', installed, newest, transfer: stock.transfer, wildcard: delivery.unknown };
    deliveries.push(delivery);
  }
  return { kind: 'update', installed, newest, version: newest, deliveries };
}

/** @param lists with the newest first */
function newestOfAll(lists: readonly (readonly Instance[])[]): string | null {
  const [first = [], ...others] = lists;
  const common = first.find(({ fields: { version } }) =>
    others.every((list) => list.some(({ fields }) => isSameVersion(fields.version, version))),
  );
  return common?.fields.version ?? null;
}

function isRecent({ minVersion }: Transfer): (instance: Instance) => boolean {
  return ({ fields }) => minVersion === null || compareVersions(fields.version, minVersion) >= 0;
}

function deliver({ transfer, available, installed }: Stock, version: string): Delivery | { unknown: string } {
  const { target } = transfer;
  const ofVersion = ({ fields }: Instance) => isSameVersion(fields.version, version);
  const present = installed.instances.find(ofVersion);
  const remove = present === undefined ? surplus(transfer, installed) : [];
  const removeTemporary = target.removeTemporary ? installed.temporary : [];
  if (present !== undefined) return { transfer, source: null, path: present.path, remove, removeTemporary };
  const source = available.find(ofVersion)!;
  const path = formatPattern(target.patterns[0]!, newFields(target, source.fields));
  return typeof path === 'string' ? { transfer, source, path, remove, removeTemporary } : path;
}

/**
 * Those that are not protected, so that with the new one there are not more than may be. What was rolled back from goes first: else
 * that would go which was found to work, and there would be nothing to go back to. Then the oldest.
 */
function surplus({ target, protectedVersions }: Transfer, { instances, current }: Installed): Instance[] {
  const excess = instances.length - (target.instancesMax - 1);
  const isProtected = ({ fields }: Instance) =>
    protectedVersions.some((version) => isSameVersion(fields.version, version));
  const isRolledBack = (instance: Instance) =>
    isSpent(instance) || (current !== null && compareVersions(instance.fields.version, current) > 0);
  return excess <= 0
    ? []
    : instances
        .filter((instance) => !isProtected(instance))
        .reverse()
        .sort((a, b) => Number(isRolledBack(b)) - Number(isRolledBack(a)))
        .slice(0, excess);
}

/** Settings go before what the name of the source says. */
function newFields({ triesDone, triesLeft, mode, readOnly }: Target, fields: NameFields): NameFields {
  return {
    ...fields,
    ...(triesDone === null ? {} : { triesDone: String(triesDone) }),
    ...(triesLeft === null ? {} : { triesLeft: String(triesLeft) }),
    ...(mode === null ? {} : { mode: mode.toString(8) }),
    ...(readOnly === null ? {} : { readOnly: readOnly ? '1' : '0' }),
  };
}
