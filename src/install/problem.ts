import type { LostMark } from '../host/whiteouts.js';
import type { NameProblem } from '../images/image-name.js';
import type { ImageProblem } from '../mount/examine-images.js';
import type { Mismatch } from '../release/verdict.js';

/** Why what is installed cannot be changed as it was asked for. Nothing was changed then. */
export type InstallProblem =
  | { readonly kind: 'no-source'; readonly source: string }
  /** Neither a directory nor a regular file. */
  | { readonly kind: 'no-image'; readonly source: string }
  | { readonly kind: 'no-raw'; readonly source: string }
  | { readonly kind: 'copy-failed'; readonly source: string; readonly cause: unknown }
  /** It removes something of the host, which could not be copied. */
  | { readonly kind: 'lost-mark'; readonly source: string; readonly lost: LostMark }
  | { readonly kind: 'bad-name'; readonly name: string; readonly problem: NameProblem }
  /** There are versions of it, and this one has none. */
  | { readonly kind: 'no-version'; readonly name: string; readonly directory: string }
  | { readonly kind: 'checksum'; readonly source: string; readonly wanted: string; readonly found: string }
  | { readonly kind: 'no-checksum'; readonly source: string; readonly list: string }
  /** A directory has none. */
  | { readonly kind: 'checksum-of-directory'; readonly source: string }
  | { readonly kind: 'unusable'; readonly source: string; readonly problem: ImageProblem }
  | {
      readonly kind: 'unfit';
      readonly name: string;
      readonly source: string;
      readonly releaseDirectory: string;
      readonly mismatch: Mismatch;
    }
  /** This version is there, and is not known to be the same. */
  | {
      readonly kind: 'version-exists';
      readonly name: string;
      readonly version: string;
      readonly path: string;
    }
  /** Something else of that name is in the directory: which of both is found is left to chance by systemd. */
  | { readonly kind: 'name-taken'; readonly name: string; readonly entry: string }
  /** What protects an image lies beside it, and one of both images has such files. */
  | { readonly kind: 'not-exchangeable'; readonly path: string }
  | { readonly kind: 'not-installed'; readonly name: string }
  /** It is where this program installs nothing. */
  | { readonly kind: 'elsewhere'; readonly name: string; readonly entry: string }
  /** The files of a directory are used as long as it is merged. */
  | { readonly kind: 'merged-directory'; readonly name: string; readonly entry: string }
  /** Something that is no image is where a link would be. */
  | { readonly kind: 'in-the-way'; readonly path: string }
  /** It is itself where the link would be that switches it off. */
  | {
      readonly kind: 'own-name';
      readonly name: string;
      readonly entry: string;
      readonly isRuntime: boolean;
      /** The other place for links, if it comes before the image. */
      readonly otherwise: string | null;
      /** Where images are installed, and whether links that last come before that. */
      readonly images: string;
      readonly lasts: boolean;
    }
  /** It comes before the place where it could be switched off. */
  | {
      readonly kind: 'comes-first';
      readonly name: string;
      readonly entry: string;
      readonly place: string;
      readonly isRuntime: boolean;
    }
  | { readonly kind: 'masked'; readonly name: string; readonly entry: string }
  | { readonly kind: 'not-versioned'; readonly name: string; readonly entry: string }
  | {
      readonly kind: 'no-such-version';
      readonly name: string;
      readonly version: string;
      readonly versions: readonly string[];
    }
  | { readonly kind: 'none-older'; readonly name: string; readonly version: string };

export class InstallError extends Error {
  constructor(readonly problem: InstallProblem) {
    super(problem.kind);
  }
}

/** @throws InstallError */
export function refuse(problem: InstallProblem): never {
  throw new InstallError(problem);
}
