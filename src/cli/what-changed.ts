import { identityOf } from '../host/device.js';
import { insideRoot } from '../host/root.js';
import type { OpenImage } from '../mount/open-extensions.js';
import type { Choice } from '../overlay/choice.js';
import { compareOrigins, type RefreshReason } from '../overlay/compare-origin.js';
import { type Origin, parseOrigin, recordSource } from '../overlay/origin.js';
import type { Detached, Target } from '../overlay/plan.js';
import type { Log } from '../report/log.js';
import { describeRefreshReason } from '../report/origin-changes.js';
import type { MergeContext } from './merge-settings.js';

/** What a merge would be made of now. @throws the error of lstat(2) if an image has vanished */
export function recordOrigin(
  context: MergeContext,
  targets: readonly Target[],
  accepted: readonly OpenImage[],
  choice: Choice | null,
): Origin {
  const { root, mutable, mountOptions } = context;
  const directories = targets.flatMap(({ hierarchy, writing }) => {
    return writing.recorded === null ? [] : [[hierarchy, writing.recorded] as const];
  });
  const extensions = accepted.map(({ name, image: { path, versions }, record }) => {
    const about = { version: versions?.winner?.version ?? null, image: record };
    return [name, recordSource(insideRoot(root, path), identityOf(path), about)] as const;
  });
  return {
    mode: mutable,
    directories: new Map(directories),
    mountOptions,
    extensions: new Map(extensions),
    choice,
  };
}

/** Compares what would be merged with what is; with nothing merged there is nothing to compare. */
export function compareWithMerged(
  detached: readonly Detached[],
  targets: readonly Target[],
  origin: Origin,
): RefreshReason[] {
  if (detached.length === 0) return [];
  const before = detached.map(({ hierarchy }) => hierarchy.name).sort();
  const now = targets.map(({ hierarchy }) => hierarchy).sort();
  const isSame = before.join('\0') === now.join('\0');
  const changes = detached.flatMap(({ hierarchy: { merge } }) =>
    compareOrigins(parseOrigin(merge?.origin ?? ''), origin),
  );
  // All hierarchies of one merge have the same record.
  const unique = new Map(changes.map((change) => [JSON.stringify(change), change]));
  return [...(isSame ? [] : [{ kind: 'other-hierarchies', before, now } as const]), ...unique.values()];
}

/** Why a refresh is not skipped is told at the level `debug`. */
export function reportReasons(log: Log, reasons: readonly RefreshReason[]): void {
  for (const reason of reasons) log.debug(describeRefreshReason(reason), { changes: reasons });
}
