import type { Pattern } from './pattern.js';

/** One resource to be updated, as a transfer file defines it (sysupdate.d(5)). */
export interface Transfer {
  /** File name without suffix; transfers are carried out in the order of these. */
  readonly name: string;
  /** With the root. */
  readonly file: string;
  /** Older ones do not count. */
  readonly minVersion: string | null;
  /** Never removed. */
  readonly protectedVersions: readonly string[];
  /** Whether the manifest of a server must be signed. */
  readonly verify: boolean;
  readonly source: Source;
  readonly target: Target;
}

export interface Source {
  readonly type: SourceType;
  /** A directory below the root, or the address that the names in a manifest belong to. */
  readonly path: string;
  readonly patterns: readonly Pattern[];
}

export interface Target {
  /** A directory below the root. */
  readonly path: string;
  /** The first one names new files. */
  readonly patterns: readonly Pattern[];
  /** `null`: as the name in the source says. */
  readonly mode: number | null;
  readonly readOnly: boolean | null;
  readonly triesDone: number | null;
  readonly triesLeft: number | null;
  /** How many versions there may be, the new one among them; at least 2. */
  readonly instancesMax: number;
  /** Whether what broken-off updates have left is removed. */
  readonly removeTemporary: boolean;
  /** Below the directory of the target, or with a slash at its beginning below the root. */
  readonly currentSymlink: string | null;
}

/** Where the files can come from. */
export const SOURCE_TYPES = ['regular-file', 'url-file'] as const;
export type SourceType = (typeof SOURCE_TYPES)[number];

/** Types that systemd-sysupdate(8) knows, and that have no files in the end that could be images. */
export const OTHER_TYPES: readonly string[] = ['url-tar', 'tar', 'directory', 'subvolume', 'partition'];

/** A transfer file that cannot be used at all. */
export type TransferFailure =
  /** It is for systemd-sysupdate(8), and not for images in files. */
  | { readonly kind: 'other-type'; readonly file: string; readonly type: string }
  | {
      readonly kind: 'missing-setting';
      readonly file: string;
      readonly section: string;
      readonly key: string;
    };

/** An update cannot be made of transfer files. */
export class TransferError extends Error {
  constructor(
    readonly problem:
      | TransferFailure
      /** The name of the new file has a wildcard of which neither the source nor a setting says what to put there. */
      | { readonly kind: 'no-name'; readonly file: string; readonly wildcard: string },
  ) {
    super(`${problem.file}: ${problem.kind}`);
  }
}
