import type { ExtensionClass } from '../../extension-class.js';
import type { MountedPart } from '../../mount/mounted-part.js';
import type { CheckReport } from '../../mount/open-verity.js';
import type { RefreshReason } from '../../overlay/compare-origin.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import type { MutableMode } from '../../overlay/mutable-mode.js';
import type { Detached, Target } from '../../overlay/plan.js';
import type { Plan } from '../../overlay/step.js';
import type { Manager } from '../../services/manager.js';
import type { ServicePlan, ServiceStep } from '../../services/plan-services.js';
import type { Line } from '../services.js';

/** The commands whose steps can be told beforehand. */
export const PLANNED = ['merge', 'unmerge', 'refresh'] as const;
export type PlannedVerb = (typeof PLANNED)[number];

/** An image or directory that would be merged. */
export interface PlannedSource {
  readonly name: string;
  readonly path: string;
  /** By which it is known when the script runs that it is still the same; decimal numbers, of stat(2). */
  readonly device: string;
  readonly inode: string;
  /** Of an image file: size, and the times of the last changes of its content and inode, in seconds; of others `null`. */
  readonly content: { readonly size: string; readonly mtime: string; readonly ctime: string } | null;
  /** How its parts are mounted; none of a directory. */
  readonly parts: readonly MountedPart[];
  readonly checks: readonly CheckReport[];
}

/** An image or directory that would not be merged. */
export interface IgnoredSource {
  readonly name: string;
  readonly path: string;
  /** Without a full stop. */
  readonly problem: string;
  /** `null` for one that is masked on purpose. */
  readonly remedy: string | null;
}

/** An extension that is broken, and what is wrong with it, as a sentence. */
export interface SkippedSource {
  readonly name: string;
  readonly path: string;
  readonly problem: string;
}

/** What the service manager would do. */
export interface PlannedServices {
  readonly manager: Manager | null;
  /** Before anything is taken off. */
  readonly first: readonly ServiceStep[];
  readonly after: ServicePlan;
  readonly problems: readonly Line[];
}

/** What a command would come to. */
export type Outcome =
  /** It would do nothing. */
  | { readonly kind: 'nothing'; readonly because: 'unchanged' | 'none-found' | 'none-fit' | 'none-merged' }
  /** It would fail, or refuse to do anything; the lines that it would print. */
  | { readonly kind: 'fails'; readonly lines: readonly string[] }
  /** It cannot be told; why. */
  | { readonly kind: 'untold'; readonly lines: readonly string[] }
  /** What is merged is unmounted, and that is all. */
  | { readonly kind: 'unmount'; readonly detached: readonly Detached[] }
  | {
      readonly kind: 'steps';
      readonly plan: Plan;
      readonly detached: readonly Detached[];
      /** Empty if nothing is merged. */
      readonly targets: readonly Target[];
      /** What would be merged, lowest layer first. Others are looked into, and play no part. */
      readonly sources: readonly PlannedSource[];
    };

/** Everything that `plan` has to tell. */
export interface DryRun {
  readonly verb: PlannedVerb;
  readonly extensionClass: ExtensionClass;
  readonly root: string;
  /** How to call this program for the same root. */
  readonly caller: {
    readonly program: string;
    readonly root: string;
    readonly extensionClass: ExtensionClass;
  };
  /** `null` where it plays no part. */
  readonly mutable: MutableMode | null;
  /** What is merged now; only hierarchies that exist. */
  readonly hierarchies: readonly Hierarchy[];
  readonly outcome: Outcome;
  /** Extensions that would be merged, lowest layer first. */
  readonly extensions: readonly string[];
  readonly ignored: readonly IgnoredSource[];
  /** Those that are broken, where that is no failure. */
  readonly skipped: readonly SkippedSource[];
  /** What it would say on the way: which extensions are ignored and why, lines of the configuration that make no sense. */
  readonly messages: readonly Line[];
  /** In what the result would differ from what is merged now; `null` where nothing is compared. */
  readonly reasons: readonly RefreshReason[] | null;
  /** `null` if they are left alone. */
  readonly services: PlannedServices | null;
  /** Directory of the lock, and below it the workspace. */
  readonly state: string;
  readonly workspace: string;
  /** Whether whoever asks could do it. */
  readonly mayMount: boolean;
}

/** 0: it would be done, or there is nothing to do; 1: it would fail or refuse; 2: that cannot be told. */
export function dryRunStatus({ outcome }: Pick<DryRun, 'outcome'>): 0 | 1 | 2 {
  if (outcome.kind === 'untold') return 2;
  return outcome.kind === 'fails' ? 1 : 0;
}
