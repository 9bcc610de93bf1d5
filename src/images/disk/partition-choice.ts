import type { DataDesignator } from '../policy/designator.js';
import type { Partition } from './partition-table.js';
import type { OtherType, Role } from './partition-types.js';

/** What to choose by. */
export interface Wanted {
  /** That of the machine, see nativeArchitecture(). */
  readonly architecture: string;
  /** What is known beforehand of the data of one hierarchy: the hash in hexadecimal digits, at least 64. */
  readonly rootHash?: { readonly hierarchy: DataDesignator; readonly hash: string };
}

/** A file system to mount, and what protects it. */
export interface ChosenPartition {
  readonly data: Partition;
  /** Its hash tree. `null`: what is in `data` cannot be checked. */
  readonly verity: Partition | null;
  /** Only ever beside `verity`. */
  readonly signature: Partition | null;
  /** As `ConditionArchitecture=` names it; `null` for a partition of the generic type. */
  readonly architecture: string | null;
}

/** At least one of the two is there. */
export interface PartitionChoice {
  readonly kind: 'partition-choice';
  readonly root: ChosenPartition | null;
  readonly usr: ChosenPartition | null;
  /** All others, in the order of the table. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly partition: Partition;
  readonly reason: PassedOverReason;
}

export type PassedOverReason =
  /** Of a type that no extension has a use for. */
  | { readonly kind: 'not-for-extensions'; readonly type: OtherType }
  /** Of a type that UAPI.2 does not have. */
  | { readonly kind: 'unknown-type' }
  /** For another machine, or for the secondary architecture where there is one for the native. */
  | { readonly kind: 'other-architecture'; readonly architecture: string }
  | { readonly kind: 'no-auto' }
  /** Labelled `_empty`: room for a version to come. */
  | { readonly kind: 'empty-slot' }
  /** Labelled as one that is just being written. */
  | { readonly kind: 'unfinished' }
  /** The partition with this number is newer, or equally new and before it. */
  | { readonly kind: 'older'; readonly than: number }
  /** Its UUID is not that part of the root hash which belongs there. */
  | { readonly kind: 'other-root-hash' }
  /** Generic, and not needed where there is a root or usr partition. */
  | { readonly kind: 'generic' };

export type PartitionChoiceProblem =
  /** What was there instead is in `passedOver`. */
  | { readonly kind: 'no-usable-partition'; readonly passedOver: readonly PassedOver[] }
  /** Root and usr would be of different architectures. */
  | { readonly kind: 'architectures-differ'; readonly root: ChosenPartition; readonly usr: ChosenPartition }
  /** No root or usr partition, and several that could be meant. */
  | { readonly kind: 'generic-ambiguous'; readonly partitions: readonly Partition[] }
  /** A hash tree or a signature of nothing: what it shall protect is missing, or would go unprotected. */
  | {
      readonly kind: 'protection-without-data';
      readonly partition: Partition;
      readonly hierarchy: DataDesignator;
      readonly role: Exclude<Role, 'data'>;
    }
  | {
      readonly kind: 'no-partition-for-root-hash';
      readonly hierarchy: DataDesignator;
      readonly role: Exclude<Role, 'signature'>;
      /** The UUID that it would have. */
      readonly uuid: string;
    };
