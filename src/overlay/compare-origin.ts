import { isSameChoice } from './choice.js';
import type { ImageRecord, Origin, SourceRecord } from './origin.js';

/** One thing that is not as it was when the hierarchy was merged. */
export type OriginChange =
  /** There is no record, or one of another program or version, with which ours cannot be compared. */
  | { readonly kind: 'unknown-record' }
  | { readonly kind: 'mutable-mode'; readonly before: string; readonly now: string }
  | {
      readonly kind: 'write-directory';
      readonly hierarchy: string;
      readonly before: string | null;
      readonly now: string | null;
    }
  | { readonly kind: 'mount-options'; readonly before: string | null; readonly now: string | null }
  /** Other ones were chosen, or in another order, even if it comes to the same now. */
  | { readonly kind: 'choice' }
  | { readonly kind: 'added' | 'removed'; readonly extension: string }
  | { readonly kind: 'moved'; readonly extension: string; readonly before: string; readonly now: string }
  /** Another file or directory under the same path, or the same file with other content. */
  | { readonly kind: 'replaced'; readonly extension: string; readonly fields: readonly string[] }
  /** The same content, but checked in another way. */
  | {
      readonly kind: 'protection';
      readonly extension: string;
      readonly before: string;
      readonly now: string;
    };

/** Why a refresh would lead to something else than what is there already. */
export type RefreshReason =
  | OriginChange
  | {
      readonly kind: 'other-hierarchies';
      readonly before: readonly string[];
      readonly now: readonly string[];
    };

/**
 * What has changed since a hierarchy was merged. Content that was edited inside of a directory extension is not seen,
 * as in the original: only the directory itself is compared.
 *
 * @param before from the merged hierarchy; `null` if it cannot be read
 * @returns empty if a refresh would build the same again
 */
export function compareOrigins(before: Origin | null, now: Origin): OriginChange[] {
  if (before === null) return [{ kind: 'unknown-record' }];
  const changes: OriginChange[] = [];
  if (before.mode !== now.mode) changes.push({ kind: 'mutable-mode', before: before.mode, now: now.mode });
  for (const hierarchy of new Set([...before.directories.keys(), ...now.directories.keys()])) {
    const [was, is] = [before, now].map((origin) => origin.directories.get(hierarchy) ?? null);
    if (was !== is)
      changes.push({ kind: 'write-directory', hierarchy, before: was ?? null, now: is ?? null });
  }
  if (before.mountOptions !== now.mountOptions) {
    changes.push({ kind: 'mount-options', before: before.mountOptions, now: now.mountOptions });
  }
  if (!isSameChoice(before.choice, now.choice)) changes.push({ kind: 'choice' });
  for (const extension of before.extensions.keys()) {
    if (!now.extensions.has(extension)) changes.push({ kind: 'removed', extension });
  }
  for (const [extension, source] of now.extensions) {
    const was = before.extensions.get(extension);
    if (was === undefined) changes.push({ kind: 'added', extension });
    else changes.push(...compareSources(extension, was, source));
  }
  return changes;
}

/** A root hash stands for the content of the whole image, so with it a copy is as good as the file (systemd-sysext(8)). */
function compareSources(extension: string, before: SourceRecord, now: SourceRecord): OriginChange[] {
  if (before.path !== now.path) return [{ kind: 'moved', extension, before: before.path, now: now.path }];
  const [was, is] = [before.image, now.image];
  if (was !== null && is !== null && was.protection !== is.protection)
    return [{ kind: 'protection', extension, before: was.protection, now: is.protection }];
  if (is !== null && was !== null && isVerified(is) && was.rootHash === is.rootHash) return [];
  const fields = (['device', 'inode', 'crtime', 'mtime'] as const).filter(
    (field) => before[field] !== now[field],
  );
  return fields.length === 0 ? [] : [{ kind: 'replaced', extension, fields }];
}

/** With two partitions the record has the root hash of only one. */
function isVerified({ protection, rootHash, partitions }: ImageRecord): boolean {
  return (protection === 'verity' || protection === 'signed') && rootHash !== null && partitions.length === 1;
}
