import type { Image, PassedOver } from '../../images/image.js';
import type { ImageProblem } from '../../mount/examine-images.js';
import type { HostRelease } from '../../release/host-release.js';
import type { Judgement } from '../../release/matching.js';

/** A host for which extensions are explained. */
export interface ExplainedHost {
  /** How the user calls it: the release file. */
  readonly label: string;
  readonly release: HostRelease;
}

/** What was found out about an image that is a candidate for a merge. */
export type Findings =
  /** It can be read; one judgement for each host, in their order. */
  | { readonly kind: 'judged'; readonly isMask: boolean; readonly judgements: readonly Judgement[] }
  /** It cannot be used on any host. */
  | { readonly kind: 'unusable'; readonly problem: ImageProblem }
  /** Whoever asks may not look into it. */
  | { readonly kind: 'untold'; readonly reason: 'not-privileged' | 'permission' };

/** Something in a search directory, or a path that was named. */
export type Candidate =
  | { readonly kind: 'image'; readonly image: Image; readonly findings: Findings }
  | { readonly kind: 'passed-over'; readonly passedOver: PassedOver };

/** Everything that `explain` has to tell. */
export interface Explanation {
  readonly hosts: readonly ExplainedHost[];
  readonly candidates: readonly Candidate[];
}

/** What comes of a candidate on one host. */
export type Fate = 'merged' | 'ignored' | 'unusable' | 'masked' | 'untold' | 'passed-over';

export function fateOf(candidate: Candidate, host: number): Fate {
  if (candidate.kind === 'passed-over') return 'passed-over';
  const { findings } = candidate;
  if (findings.kind !== 'judged') return findings.kind;
  if (findings.judgements[host]?.verdict.kind === 'accepted') return 'merged';
  return findings.isMask ? 'masked' : 'ignored';
}

/** 0: all images would be merged everywhere, or are masked on purpose; 1: one would not; 2: of one that could not be told. */
export function explanationStatus({ hosts, candidates }: Explanation): 0 | 1 | 2 {
  const fates = candidates.flatMap((candidate) => hosts.map((_, host) => fateOf(candidate, host)));
  if (fates.includes('untold')) return 2;
  return fates.some((fate) => fate === 'ignored' || fate === 'unusable') ? 1 : 0;
}
