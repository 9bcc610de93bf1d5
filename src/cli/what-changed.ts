import { identityOf } from '../host/device.js';
import { insideRoot } from '../host/root.js';
import type { OpenImage } from '../mount/open-extensions.js';
import { compareOrigins } from '../overlay/compare-origin.js';
import { type Origin, parseOrigin, recordSource } from '../overlay/origin.js';
import type { Detached, Target } from '../overlay/plan.js';
import { describeOriginChange } from '../report/origin-changes.js';
import type { MergeContext } from './merge-settings.js';

/** What a merge would be made of now. @throws the error of lstat(2) if an image has vanished */
export function recordOrigin(
  context: MergeContext,
  targets: readonly Target[],
  accepted: readonly OpenImage[],
): Origin {
  const { root, mutable, mountOptions } = context;
  const directories = targets.flatMap(({ hierarchy, writing }) => {
    return writing.recorded === null ? [] : [[hierarchy, writing.recorded] as const];
  });
  const extensions = accepted.map(({ name, image: { path, versions }, record }) => {
    const about = { version: versions?.winner?.version ?? null, image: record };
    return [name, recordSource(insideRoot(root, path), identityOf(path), about)] as const;
  });
  return { mode: mutable, directories: new Map(directories), mountOptions, extensions: new Map(extensions) };
}

/** Whether a refresh would lead to what is there already; why not is told at the level `debug`. */
export function isUnchanged(
  { log }: MergeContext,
  detached: readonly Detached[],
  targets: readonly Target[],
  origin: Origin,
): boolean {
  const isTarget = ({ hierarchy: { name } }: Detached) => targets.some(({ hierarchy }) => hierarchy === name);
  if (detached.length !== targets.length || !detached.every(isTarget)) {
    log.debug('Other hierarchies are merged than would be now.');
    return false;
  }
  const changes = detached.flatMap(({ hierarchy: { merge } }) =>
    compareOrigins(parseOrigin(merge?.origin ?? ''), origin),
  );
  // All hierarchies of one merge have the same record.
  for (const message of new Set(changes.map(describeOriginChange))) log.debug(message, { changes });
  return changes.length === 0;
}
