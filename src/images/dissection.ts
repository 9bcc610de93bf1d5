import type { Content, FileSystem } from './content.js';
import type { ChosenPartition, PartitionChoiceProblem, PassedOver } from './disk/partition-choice.js';
import type { Partition, PartitionTable, PartitionTableProblem } from './disk/partition-table.js';
import type { DataDesignator } from './policy/designator.js';

/** A range of bytes of a file or block device. */
export interface Extent {
  readonly offset: bigint;
  readonly size: bigint;
}

/** An encrypted volume: what is in it can be told only when it is open. */
export interface EncryptedVolume {
  readonly kind: 'luks';
  readonly version: number;
  /** Whether a change of its content would be noticed. */
  readonly hasIntegrity: boolean;
}

/** One file system of an image, or the volume that has one in it. */
export interface Part {
  /** What it is of the merged image: all of it, or only its `/usr`. */
  readonly designator: DataDesignator;
  /** `null` where the image is one file system without partitions. */
  readonly chosen: ChosenPartition | null;
  readonly extent: Extent;
  readonly content: FileSystem | EncryptedVolume;
}

/** What of an image file or block device is meant for whoever mounts it. */
export interface Dissection {
  readonly kind: 'dissection';
  /** `null` for a bare file system or encrypted volume. */
  readonly table: PartitionTable | null;
  /** At least one; the root first. */
  readonly parts: readonly [Part, ...Part[]];
  readonly passedOver: readonly PassedOver[];
}

/** Bytes in which nothing was found that could be mounted. */
export type DissectionProblem =
  | Exclude<Content, FileSystem | { readonly kind: 'luks' | 'gpt' | 'mbr' }>
  | PartitionTableProblem
  /** The partition table is right, but its partitions cannot be used. */
  | (PartitionChoiceProblem & { readonly table: PartitionTable })
  /** A partition has the right type, but something else in it. */
  | { readonly kind: 'partition'; readonly partition: Partition; readonly content: Content }
  /** A loop device shows whole sectors only, so the last block of this file system would be missing. Bytes. */
  | { readonly kind: 'partial-block'; readonly size: bigint; readonly block: bigint };

/** `gpt`, or the type of the file system or volume that is the whole image. */
export function formatOf({ table, parts: [{ content }] }: Dissection): string {
  if (table !== null) return 'gpt';
  return content.kind === 'luks' ? 'luks' : content.type;
}
