import type { DataDesignator, Designator } from './designator.js';

/** A partition of an image, as far as policies are concerned with it. */
export interface PartitionFacts {
  readonly designator: Designator;
  /** What is in it, if it is not encrypted: `squashfs`; `null` if that is not known, or it is no file system. */
  readonly fileSystem: string | null;
  /** Whether it is a LUKS volume, and one that checks what it reads (cryptsetup(8), `--integrity`). */
  readonly encryption: 'none' | 'luks' | 'luks-with-integrity';
  /** Attributes in the partition table, bits 60 and 59; both off where there is no table. */
  readonly readOnly: boolean;
  readonly growFileSystem: boolean;
}

/** What stands beside an image, or in its extended attributes, to protect the data in it. */
export interface SidecarFacts {
  readonly designator: DataDesignator;
  /** A hash tree with its root hash; in an image with a partition table that is a partition. */
  readonly hashTree: boolean;
  readonly signature: boolean;
}

/** What is in an image. Whether its hash tree and signature are right is not known yet. */
export interface ImageFacts {
  /** With a partition table, or a file system or LUKS volume from the first byte on, which counts as `root`. */
  readonly layout: 'partition-table' | 'bare';
  /** Each designator at most once. */
  readonly partitions: readonly PartitionFacts[];
  readonly sidecar: SidecarFacts | null;
}

/** A bare file system, without anything that protects it unless something stands beside it. */
export function bareImage(fileSystem: string | null, sidecar: SidecarFacts | null = null): ImageFacts {
  const root: PartitionFacts = {
    designator: 'root',
    fileSystem,
    encryption: 'none',
    readOnly: false,
    growFileSystem: false,
  };
  return { layout: 'bare', partitions: [root], sidecar };
}
