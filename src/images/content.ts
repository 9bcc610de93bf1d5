/** The file systems that an image may hold, by the name of the kernel driver that mounts them (mount(8) `-t`). */
export type FileSystemType = 'squashfs' | 'erofs' | 'ext4' | 'btrfs' | 'xfs' | 'vfat';

/** A superblock that keeps every rule of its format that is checked, in a file that is long enough for it. */
export interface FileSystem {
  readonly kind: 'file-system';
  readonly type: FileSystemType;
  /** As blkid(8) writes it: 36 characters in lower case, or `XXXX-XXXX` for vfat. */
  readonly uuid: string | null;
  /** What stands in the superblock: anybody may have chosen it, control characters included. */
  readonly label: string | null;
  /** Bytes the superblock says the file system occupies, null if it does not say. */
  readonly size: bigint | null;
}

/** A superblock that claims more bytes than the file has, or is itself cut off; sizes in bytes. */
export interface Truncated {
  readonly kind: 'truncated';
  readonly type: FileSystemType;
  readonly size: bigint;
  readonly available: bigint;
}

/** The magic fits, but a field is outside of what the specification allows. */
export interface Damaged {
  readonly kind: 'damaged';
  readonly type: FileSystemType;
  /** The field's name in the specification or kernel header that the format's file cites. */
  readonly field: string;
  readonly found: string;
  readonly wanted: string;
}

export type FileSystemContent = FileSystem | Truncated | Damaged;

export type ArchiveFormat =
  | 'tar'
  | 'gzip'
  | 'xz'
  | 'zstd'
  | 'bzip2'
  | 'lz4'
  | 'lzip'
  | 'zip'
  | '7z'
  | 'rar'
  | 'cpio'
  | 'deb'
  | 'rpm'
  | 'ar';

/** Disk images of virtual machines that are no plain copy of the disk: the kernel cannot read through them. */
export type VirtualDiskFormat = 'qcow2' | 'vmdk' | 'vdi' | 'vhdx';

/** Recognized by a signature of its own, and no file system that could be mounted. */
export type ForeignContent =
  | { readonly kind: 'gpt'; readonly sectorSize: 512 | 4096 }
  | { readonly kind: 'mbr' }
  | { readonly kind: 'luks'; readonly version: number }
  | { readonly kind: 'verity' }
  | { readonly kind: 'archive'; readonly format: ArchiveFormat }
  | { readonly kind: 'virtual-disk'; readonly format: VirtualDiskFormat }
  | { readonly kind: 'elf' }
  | { readonly kind: 'iso9660' }
  | { readonly kind: 'swap' };

/** Without any signature. */
export type ShapelessContent =
  | { readonly kind: 'text' }
  /** Every byte that was looked at is zero: the start, and where the superblocks of btrfs and ISO 9660 would be. */
  | { readonly kind: 'zeros' }
  /** Too short to hold any superblock we know; size in bytes. */
  | { readonly kind: 'too-short'; readonly size: bigint }
  /** First 8 bytes in hexadecimal digits. */
  | { readonly kind: 'unknown'; readonly start: string };

/** What the bytes of a file or block device are. */
export type Content =
  | FileSystemContent
  /** More than one superblock fits: which one is meant cannot be told, and mounting the wrong one shows other files. */
  | { readonly kind: 'ambiguous'; readonly types: readonly FileSystemType[] }
  | ForeignContent
  | { readonly kind: 'empty' }
  | ShapelessContent;
