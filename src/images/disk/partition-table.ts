/** One used entry of a partition table. */
export interface Partition {
  /** Place in the table, from 1 on, as the kernel counts: the `2` of `loop0p2`. */
  readonly number: number;
  /** Type and partition, as text in lower case. */
  readonly type: string;
  readonly uuid: string;
  /** What stands in the table: anybody may have chosen it, control characters included; empty if there is none. */
  readonly label: string;
  /** Where it is in the file and how long, in bytes. */
  readonly offset: bigint;
  readonly size: bigint;
  /** Not to be used unless asked for by name (UAPI.2, "Partition Attribute Flags", bit 63). */
  readonly noAuto: boolean;
  /** Bit 60. */
  readonly readOnly: boolean;
  /** Bit 59. */
  readonly growFileSystem: boolean;
}

/** A table that keeps every rule, in a file that is long enough for all of its partitions. */
export interface PartitionTable {
  readonly kind: 'partition-table';
  readonly sectorSize: SectorSize;
  readonly diskUuid: string;
  /** The first copy of the table is damaged, this is the second. */
  readonly usedBackup: boolean;
  /** In the order of the table, which need not be that of the disk. */
  readonly partitions: readonly Partition[];
}

export type SectorSize = 512 | 4096;

export type PartitionTableProblem =
  /** Neither a GPT nor an MBR. */
  | { readonly kind: 'no-partition-table' }
  /** An MBR that protects no GPT. */
  | { readonly kind: 'mbr' }
  /** An MBR with other partitions beside the one that protects the GPT: two tables that may contradict each other. */
  | { readonly kind: 'hybrid-mbr' }
  /** A valid table for each sector size: which one is meant cannot be told. */
  | { readonly kind: 'sector-size-ambiguous' }
  /** Both copies of the table are damaged; what is wrong with the first of them. */
  | GptDamaged
  /** The table claims more bytes than the file has. */
  | { readonly kind: 'gpt-cut-off'; readonly size: bigint; readonly available: bigint }
  | PartitionProblem;

export interface GptDamaged {
  readonly kind: 'gpt-damaged';
  /** The field's name in the UEFI specification. */
  readonly field: string;
  readonly found: string;
  readonly wanted: string;
}

/** A table with right checksums, so made like this, that nobody should follow. Partitions by their number. */
export type PartitionProblem =
  | {
      readonly kind: 'partition-outside';
      readonly number: number;
      /** `StartingLBA` or `EndingLBA`. */
      readonly field: string;
      readonly found: string;
      readonly wanted: string;
    }
  | { readonly kind: 'partitions-overlap'; readonly numbers: readonly [number, number] };
