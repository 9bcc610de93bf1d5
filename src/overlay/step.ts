import type { Upper } from './mutable.js';
import type { Layer } from './stack.js';
import type { Submount } from './submounts.js';

/**
 * The plan is data: what leads from what is mounted to what should be. It is carried out, undone, printed and
 * repaired after a crash from the same list (src/mount/execute.ts, src/mount/undo.ts).
 */
export type Step =
  | { readonly kind: 'make-directory'; readonly path: string }
  | {
      /** Make the directory that gets what is written, with the host directory's mode and owner. */
      readonly kind: 'make-write-directory';
      readonly path: string;
      readonly like: string;
    }
  | {
      /** Give a write directory that symlinks lead to the mode of the hierarchy: the merged root shows it. */
      readonly kind: 'change-mode';
      readonly path: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      /** Take what is merged off the hierarchy, but keep it at `keep` so that it can be put back. */
      readonly kind: 'detach';
      readonly hierarchy: string;
      readonly path: string;
      readonly keep: string;
    }
  | {
      /** Show the directory above merged hierarchies at `to`, where their own directories are seen while they are merged. */
      readonly kind: 'reach';
      readonly from: string;
      readonly to: string;
      /** Where in `to` the merges would be seen, were all mounts copied. */
      readonly merged: readonly string[];
      /** All mounts have to be copied: one of the hierarchies is a mount of its own. */
      readonly withMounts: boolean;
    }
  | {
      /** Keep what is merged also at `keep`, so that it can be put back. */
      readonly kind: 'keep';
      readonly hierarchy: string;
      readonly path: string;
      readonly keep: string;
    }
  | {
      /** Write the top layer. It has the host directory's mode and owner, for the merged root shows those of its top layer. */
      readonly kind: 'write-metadata';
      readonly directory: string;
      readonly like: string;
      readonly files: Readonly<Record<string, string>>;
      /** File that gets the number of the disk below `like`, if there is one; `null` where `like` is no lower layer. */
      readonly backingFile: string | null;
    }
  | {
      /** Build the overlay aside, and write its device number into the top layer. */
      readonly kind: 'mount-overlay';
      readonly hierarchy: string;
      readonly at: string;
      readonly links: string;
      readonly metadata: string;
      /** The write directory where it is only imported. */
      readonly imported: string | null;
      readonly extensions: readonly Layer[];
      /** The host's own directory: the lowest layer, unless it is empty, or the upper directory. */
      readonly host: string;
      readonly upper: Upper | null;
      readonly source: string;
      readonly flags: readonly string[];
      /** In place of those that a writable overlay gets otherwise. */
      readonly options: string | null;
      /** Mount points that the merged tree must have, relative to its root. */
      readonly mountPoints: readonly Pick<Submount, 'relative' | 'isDirectory'>[];
    }
  | {
      /** Make the metadata of a writable merge read-only. */ readonly kind: 'protect';
      readonly path: string;
      readonly flags: readonly string[];
    }
  | {
      /** Show a mount that is below the hierarchy also in the new tree: in the overlay, or on the host after unmerge. */
      readonly kind: 'carry';
      readonly from: string;
      readonly to: string;
      readonly submount: Submount;
      /** `to` is on the host, where the mount may still be, or not even its mount point. */
      readonly toHost: boolean;
    }
  | {
      /** Show the finished overlay at the hierarchy, in one instant. */
      readonly kind: 'place';
      readonly hierarchy: string;
      readonly from: string;
      readonly path: string;
      readonly metadata: string;
    }
  | {
      /** Put the finished overlay beneath what is merged now: nobody sees it yet. */
      readonly kind: 'place-beneath';
      readonly hierarchy: string;
      readonly from: string;
      readonly path: string;
      readonly metadata: string;
      readonly keep: string;
    }
  | {
      /** Take what was merged off all hierarchies that have the new overlay beneath it, almost at once. */
      readonly kind: 'lift';
      readonly merges: readonly { readonly from: string; readonly path: string }[];
    }
  | {
      /** Show the finished overlay in place of what is merged now; for a moment, neither is seen. */
      readonly kind: 'replace';
      readonly hierarchy: string;
      readonly from: string;
      readonly path: string;
      readonly metadata: string;
      readonly keep: string;
    }
  | {
      readonly kind: 'verify';
      readonly hierarchy: string;
      readonly path: string;
      readonly metadata: string;
      readonly submounts: readonly Submount[];
    };

/** What is done when the plan has succeeded; if a call is killed before, the next one does it. */
export type Cleanup =
  | { readonly kind: 'remove-work-directory'; readonly path: string }
  | {
      /** The mount below the hierarchy that the merge now covers: only its copy in the merged tree is wanted. */
      readonly kind: 'unmount-covered';
      readonly path: string;
    };

export interface Plan {
  readonly steps: readonly Step[];
  readonly cleanup: readonly Cleanup[];
}
