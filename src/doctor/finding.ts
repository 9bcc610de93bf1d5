import type { CommandFailedError } from '../host/process.js';
import type { Propagation } from '../host/propagation.js';
import type { SelinuxMode } from '../host/selinux.js';
import type { FileSystemType } from '../images/content.js';
import type { CertificateProblem } from '../images/verity/certificates.js';
import type { WayBeneath } from '../mount/beneath.js';
import type { OverlayProblem } from '../mount/diagnose.js';
import type { StateDirectoryOutlook } from '../mount/state-directory.js';
import type { Manager } from '../services/manager.js';

/** The programs that ours calls. */
export type Program =
  | 'mount'
  | 'umount'
  | 'flock'
  | 'unshare'
  | 'losetup'
  | 'veritysetup'
  | 'cryptsetup'
  | 'getfattr'
  | 'chcon';

/** Why something was not tried, so that it could not be told. */
export type Untried = 'not-privileged' | 'no-proc' | 'no-program' | 'odd-path' | 'no-namespace';

/**
 * What was found about one thing that the program needs, or can make use of. Whether that is good is said by judge.ts, in words
 * by src/report/doctor.
 */
export type Finding =
  | {
      readonly code: 'privileges';
      /** `lacking`: root without CAP_SYS_ADMIN; `ordinary`: not root, so what root may do here is not known. */
      readonly state: 'root' | 'user-namespace' | 'lacking' | 'ordinary';
    }
  | { readonly code: 'container'; readonly engine: string | null }
  | { readonly code: 'kernel'; readonly release: string; readonly wanted: string | null }
  | { readonly code: 'mount-table'; readonly isThere: boolean }
  | {
      readonly code: 'program';
      readonly program: Program;
      /**
       * `busybox`: it is that of busybox, and what that cannot do is done in other ways; `other`: nor is it of util-linux, as it should
       * be; `replaced`: it is not there, but is not needed.
       */
      readonly state: 'there' | 'busybox' | 'other' | 'replaced' | 'absent';
      /** What it says of itself. */
      readonly version: string | null;
      /** `losetup` and others are wanted only for something; `chcon` only where SELinux enforces its rules. */
      readonly isVital: boolean;
    }
  | {
      readonly code: 'state-directory';
      readonly outlook: StateDirectoryOutlook;
      readonly runIsMount: boolean;
      /** Without privileges it is that of a user who cannot merge anyway. */
      readonly isPrivileged: boolean;
    }
  | {
      readonly code: 'hierarchy';
      readonly hierarchy: string;
      readonly path: string;
      readonly state: 'directory' | 'absent' | 'absent-read-only' | 'no-directory' | 'unreachable';
      readonly propagation: Propagation | null;
      readonly isReadOnly: boolean;
      readonly reason?: string;
    }
  | {
      readonly code: 'overlay';
      readonly hierarchy: string;
      readonly path: string;
      readonly outcome:
        | { readonly kind: 'mounted'; readonly onOverlay: boolean }
        | { readonly kind: 'merged' }
        | { readonly kind: 'refused'; readonly problem: OverlayProblem; readonly cause: CommandFailedError }
        | { readonly kind: 'untried'; readonly why: Untried; readonly cause: CommandFailedError | null };
    }
  | {
      readonly code: 'exchange';
      /** How `refresh` puts the new merge beneath the old one; `null` if it cannot. */
      readonly way: WayBeneath | 'propagation' | null;
    }
  | {
      readonly code: 'os-release';
      readonly state: 'found' | 'missing' | 'unreadable' | 'no-id';
      readonly path: string;
      readonly id: string | null;
      readonly versionId: string | null;
    }
  | {
      readonly code: 'search-directory';
      readonly path: string;
      readonly state: 'there' | 'absent' | 'unreadable' | 'no-directory';
    }
  | {
      readonly code: 'loop-devices';
      readonly state: 'free' | 'none' | 'no-node' | 'refused' | 'user-namespace' | 'untried';
      readonly device: string | null;
      readonly cause: CommandFailedError | null;
    }
  | {
      readonly code: 'file-system';
      readonly type: FileSystemType;
      /** `unloaded`: whether there is a module is not known; `untold`: not even whether the kernel has it. */
      readonly state: 'there' | 'module' | 'absent' | 'unloaded' | 'untold';
    }
  | {
      readonly code: 'erofs-without-loop';
      readonly kernel: string;
      readonly mount: string | null;
      readonly isThere: boolean;
    }
  | { readonly code: 'device-mapper'; readonly state: 'there' | 'absent' | 'untried' }
  | { readonly code: 'certificates'; readonly count: number }
  | { readonly code: 'certificate'; readonly problem: CertificateProblem }
  | { readonly code: 'signatures'; readonly allowed: boolean }
  | { readonly code: 'selinux'; readonly mode: SelinuxMode }
  | { readonly code: 'service-manager'; readonly manager: Manager | null }
  | { readonly code: 'boot-switch'; readonly word: string; readonly off: boolean };

export type FindingOf<Code extends Finding['code']> = Extract<Finding, { readonly code: Code }>;

/** What a machine that findings are from is like; remedies depend on it. */
export interface Surroundings {
  readonly kernel: string;
  readonly container: string | null;
  readonly userNamespace: boolean;
  /** ID and ID_LIKE of the running system, whatever `--root=` says: programs are installed there. */
  readonly distributions: readonly string[];
}
