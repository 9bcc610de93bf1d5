import type { LeftOut } from '../../choice/apply.js';
import type { Image, PassedOver } from '../../images/image.js';
import type { ImageProblem } from '../../mount/examine-images.js';
import type { CheckReport } from '../../mount/open-verity.js';
import type { Choice } from '../../overlay/choice.js';
import type { HostRelease } from '../../release/host-release.js';
import type { Judgement } from '../../release/matching.js';
import { describePassedOver } from '../passed-over.js';

/** A host for which extensions are explained. */
export interface ExplainedHost {
  /** How the user calls it: the release file. */
  readonly label: string;
  readonly release: HostRelease;
}

/** What was found out about an image that is a candidate for a merge. */
export type Findings =
  /** It can be read; one judgement for each host, in their order. */
  | {
      readonly kind: 'judged';
      /** It is an empty directory. */
      readonly isMask: boolean;
      /** How a disk image was checked before that. */
      readonly protection: readonly CheckReport[];
      readonly judgements: readonly Judgement[];
    }
  /** It cannot be used on any host. */
  | { readonly kind: 'unusable'; readonly problem: ImageProblem }
  /** Whoever asks may not look into it, or the kernel would not mount it. */
  | { readonly kind: 'untold'; readonly reason: 'not-privileged' | 'permission' }
  | { readonly kind: 'untold'; readonly reason: 'not-mounted'; readonly cause: unknown };

/** Something in a search directory, or a path that was named. */
export type Candidate =
  | {
      readonly kind: 'image';
      readonly image: Image;
      /** A merge finds it. */
      readonly isInstalled: boolean;
      readonly findings: Findings;
    }
  /** It is installed, but others were chosen. */
  | {
      readonly kind: 'not-chosen';
      readonly image: Image;
      readonly why: LeftOut;
      /** That was when what is merged now was merged. */
      readonly isRecorded: boolean;
      readonly choice: Choice;
    }
  | { readonly kind: 'passed-over'; readonly passedOver: PassedOver };

/** Everything that `explain` has to tell. */
export interface Explanation {
  readonly hosts: readonly ExplainedHost[];
  /** Where extensions are looked for, with the root. */
  readonly searched: readonly string[];
  readonly candidates: readonly Candidate[];
}

/** What comes of a candidate on one host. */
export type Fate =
  | 'merged'
  /** It does not fit the host. */
  | 'ignored'
  /** An image file that makes the whole merge fail. */
  | 'unusable'
  /** Switched off on purpose: an empty directory or a symlink to /dev/null. */
  | 'masked'
  /** It was left out when others were chosen. */
  | 'not-chosen'
  /** An earlier place has one of the same name. */
  | 'hidden'
  /** No image, though somebody probably wanted it to be one. */
  | 'rejected'
  /** No image, and nobody will have thought so. */
  | 'skipped'
  /** Nobody knows. */
  | 'untold';

export function fateOf(candidate: Candidate, host: number): Fate {
  if (candidate.kind === 'passed-over') return fateOfPassedOver(candidate.passedOver);
  if (candidate.kind === 'not-chosen') return 'not-chosen';
  const { findings } = candidate;
  if (findings.kind !== 'judged') return findings.kind;
  if (findings.judgements[host]?.verdict.kind === 'accepted') return 'merged';
  return findings.isMask ? 'masked' : 'ignored';
}

function fateOfPassedOver(passedOver: PassedOver): Fate {
  if (passedOver.kind === 'hidden' || passedOver.kind === 'masked') return passedOver.kind;
  // A symlink that runs in circles does so for everybody; what is not permitted may be for somebody else.
  if (passedOver.kind === 'unreachable' && passedOver.code !== 'ELOOP') return 'untold';
  return describePassedOver(passedOver).level === 'warning' ? 'rejected' : 'skipped';
}

/** The installed images that cannot be used: a merge is all or nothing, so each of them keeps all others from it. */
export function blockersOf({ candidates }: Explanation): string[] {
  return candidates.flatMap((candidate) =>
    candidate.kind === 'image' && candidate.isInstalled && candidate.findings.kind === 'unusable'
      ? [candidate.image.name]
      : [],
  );
}

/** 0: all would be merged on every host, or is meant not to be; 1: something would not; 2: of something that cannot be told. */
export function explanationStatus({ hosts, candidates }: Explanation): 0 | 1 | 2 {
  const fates = candidates.flatMap((candidate) => hosts.map((_, host) => fateOf(candidate, host)));
  if (fates.includes('untold')) return 2;
  return fates.some((fate) => fate === 'ignored' || fate === 'unusable' || fate === 'rejected') ? 1 : 0;
}
