import type { DataDesignator, Designator } from './designator.js';
import type { FileSystemFlag, Protection, Use } from './flag.js';

/** What must be true of a partition when it is mounted. */
export type Requirement =
  /** Neither hash tree nor signature are looked at. */
  | 'none'
  /** Everything that is read must fit the hash tree. */
  | 'verity-must-verify'
  /** The same, and the signature must be made by somebody who is trusted. */
  | 'signature-must-verify'
  /**
   * The signature is checked first. If that fails, the hash tree is enough, and the user must be told: the image has
   * less protection than it claims.
   */
  | 'signature-or-verity';

export type PartitionVerdict =
  | {
      readonly kind: 'use';
      readonly designator: Designator;
      /** The protections that the policy allows and the partition has; not empty. */
      readonly allowed: readonly Protection[];
      readonly required: Requirement;
      /** The only file systems that are allowed; empty if each is. What is encrypted is looked at when it is open. */
      readonly fileSystems: readonly FileSystemFlag[];
    }
  /** It is there, and the image is used as if it were not. */
  | { readonly kind: 'ignored'; readonly designator: Designator };

/** Why an image is not used. */
export type Refusal =
  /** It is there and must not be. */
  | { readonly kind: 'not-allowed'; readonly designator: Designator }
  /** It is not there and must be. */
  | {
      readonly kind: 'missing';
      readonly designator: Designator;
      readonly wanted: readonly Use[];
      /** The rule that asks for it is that of another partition. */
      readonly because: Designator | null;
    }
  /** It has none of the protections that are wanted. */
  | {
      readonly kind: 'protection';
      readonly designator: Designator;
      readonly found: readonly Protection[];
      /** Empty: nothing fulfils the rule. */
      readonly wanted: readonly Use[];
    }
  | {
      readonly kind: 'attribute';
      readonly designator: Designator;
      readonly attribute: 'read-only' | 'growfs';
      readonly wanted: boolean;
    }
  | {
      readonly kind: 'file-system';
      readonly designator: Designator;
      readonly found: string;
      readonly wanted: readonly FileSystemFlag[];
    }
  /** A hash tree without its data, or a signature without its hash tree: one is used and the other is not. */
  | { readonly kind: 'unpaired'; readonly designator: Designator; readonly without: Designator }
  /** Nothing wrong, but neither `root` nor `usr` is used. */
  | { readonly kind: 'nothing-left'; readonly ignored: readonly DataDesignator[] };

/** What a policy does to an image. */
export type PolicyVerdict =
  | { readonly kind: 'accepted'; readonly partitions: readonly PartitionVerdict[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };
