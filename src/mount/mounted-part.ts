import type { FileSystemType } from '../images/content.js';
import type { LoopWindow } from './loop-window.js';

/** A part of a file or block device. */
export type PathWindow = { readonly path: string } & LoopWindow;

/** How the kernel gets at the file system of a part. */
export type PartDevice =
  /** A loop device shows it. */
  | ({ readonly kind: 'loop' } & PathWindow)
  /** It is all of a block device. */
  | { readonly kind: 'block'; readonly path: string }
  /** The file system driver reads the file itself, from `offset` on. */
  | { readonly kind: 'file'; readonly path: string; readonly offset: bigint }
  /** dm-verity checks each block that is read. `signature`: PKCS#7 in DER form, if the kernel has taken it. */
  | {
      readonly kind: 'verity';
      readonly data: PathWindow;
      readonly tree: PathWindow;
      readonly rootHash: string;
      readonly signature: Buffer | null;
    }
  /** A LUKS volume, opened with a key file. */
  | { readonly kind: 'luks'; readonly volume: PathWindow; readonly keyFile: string };

/** A part of an image that was mounted: all that it takes to mount it once more. */
export interface MountedPart {
  readonly designator: string;
  readonly type: FileSystemType;
  readonly device: PartDevice;
  /** Of mount(8), beside those of a loop device. */
  readonly options: string;
  readonly at: string;
}
