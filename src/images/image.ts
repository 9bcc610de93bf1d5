import type { NameProblem } from './image-name.js';
import type { Pick } from './versioned-directory.js';

/** An extension image that was found. */
export interface Image {
  readonly kind: 'directory' | 'subvolume' | 'raw' | 'block';
  readonly name: string;
  /** The file or directory itself on the machine: root in front, symlinks resolved. */
  readonly path: string;
  /** Where it was found: the entry of a search directory, which may be a symlink or a versioned directory. */
  readonly entry: string;
  /** Its file name; of one of several versions this tells the version too. */
  readonly label: string;
  /** Microseconds since the epoch: of a directory when it was created, of a file when it was last modified. */
  readonly time: bigint;
  /** How this version was chosen, if it comes from a versioned directory. */
  readonly versions: Pick | null;
}

/** An entry of a search directory that gives no image, and why. */
export type PassedOver = { readonly entry: string } & (
  | {
      /** An earlier search directory has an image of this name. */ readonly kind: 'hidden';
      readonly name: string;
      readonly by: string;
    }
  | {
      /** A symlink to /dev/null: no image shall be found by this name. */ readonly kind: 'masked';
      readonly name: string;
    }
  | { readonly kind: 'bad-name'; readonly problem: NameProblem }
  | { readonly kind: 'dangling' }
  | {
      /** It cannot be looked up: a symlink loop, or a directory that this user may not enter. */ readonly kind: 'unreachable';
      readonly code: string;
    }
  | {
      /** Neither a directory, nor a file that ends in `.raw`, nor a block device. */ readonly kind: 'no-image';
    }
  | {
      /** A versioned directory without a usable entry. */ readonly kind: 'no-version';
      readonly versions: Pick;
    }
);

/** Whether something is a disk image, so has to be mounted to be read. */
export function isFile({ kind }: { readonly kind: Image['kind'] }): boolean {
  return kind === 'raw' || kind === 'block';
}
