import type { Finding, FindingOf, Program } from './finding.js';
import type { Leftovers } from './leftovers.js';

/** `untold`: it could not be tried. */
export type Verdict = 'fine' | 'warning' | 'missing' | 'untold';

/** What something is needed for. Without what `directories` need nothing can be merged at all. */
export type Feature =
  | 'directories'
  | 'refresh'
  | 'images'
  | 'protected-images'
  | 'encrypted-images'
  | 'attributes'
  | 'labels'
  | 'looking'
  | 'services'
  | 'boot';

export interface Judgement {
  readonly feature: Feature;
  readonly verdict: Verdict;
}

/** Whether what was found is as it should be, and what it matters for. */
export function judge(finding: Finding): Judgement {
  switch (finding.code) {
    case 'privileges':
      return directories(
        ({ root: 'fine', 'user-namespace': 'fine', lacking: 'missing', ordinary: 'untold' } as const)[
          finding.state
        ],
      );
    case 'container':
      return directories('fine');
    case 'kernel':
      return directories(finding.wanted === null ? 'fine' : 'missing');
    case 'mount-table':
      return directories(finding.isThere ? 'fine' : 'missing');
    case 'program':
      return judgeProgram(finding);
    case 'state-directory':
      return directories(judgeStateDirectory(finding));
    case 'hierarchy':
      return directories(
        (
          {
            directory: 'fine',
            absent: 'fine',
            'absent-read-only': 'warning',
            'no-directory': 'missing',
            unreachable: 'untold',
          } as const
        )[finding.state],
      );
    case 'overlay':
      return directories(
        ({ mounted: 'fine', merged: 'fine', refused: 'missing', untried: 'untold' } as const)[
          finding.outcome.kind
        ],
      );
    case 'exchange':
      return { feature: 'refresh', verdict: finding.way === null ? 'missing' : 'fine' };
    case 'os-release':
      return directories(finding.state === 'found' ? 'fine' : 'missing');
    case 'search-directory':
      return directories(finding.state === 'there' || finding.state === 'absent' ? 'fine' : 'warning');
    case 'loop-devices':
      return {
        feature: 'images',
        verdict: finding.state === 'free' ? 'fine' : finding.state === 'untried' ? 'untold' : 'missing',
      };
    case 'file-system':
      return {
        feature: 'images',
        verdict: (
          { there: 'fine', module: 'fine', absent: 'missing', unloaded: 'untold', untold: 'untold' } as const
        )[finding.state],
      };
    case 'erofs-without-loop':
      return { feature: 'images', verdict: finding.isThere ? 'fine' : 'missing' };
    case 'device-mapper':
      return {
        feature: 'encrypted-images',
        verdict: ({ there: 'fine', absent: 'missing', untried: 'untold' } as const)[finding.state],
      };
    case 'certificates':
      return { feature: 'protected-images', verdict: 'fine' };
    case 'certificate':
      return { feature: 'protected-images', verdict: 'warning' };
    case 'signatures':
      return { feature: 'protected-images', verdict: finding.allowed ? 'fine' : 'warning' };
    case 'selinux':
      return { feature: 'labels', verdict: 'fine' };
    case 'service-manager':
      return { feature: 'services', verdict: 'fine' };
    case 'boot-switch':
      return { feature: 'boot', verdict: finding.off ? 'warning' : 'fine' };
  }
}

const directories = (verdict: Verdict): Judgement => ({ feature: 'directories', verdict });

const USED_FOR: Readonly<Record<Program, Feature>> = {
  mount: 'directories',
  umount: 'directories',
  flock: 'directories',
  unshare: 'looking',
  losetup: 'protected-images',
  veritysetup: 'protected-images',
  cryptsetup: 'encrypted-images',
  getfattr: 'attributes',
  chcon: 'labels',
};

/** Others lack what is asked of them, and of those of busybox alone it is known what to do instead. */
const UTIL_LINUX_ONLY: ReadonlySet<Program> = new Set(['mount', 'flock', 'losetup']);

function judgeProgram({ program, state, isVital }: FindingOf<'program'>): Judgement {
  const feature = isVital ? 'directories' : USED_FOR[program];
  const isEnough =
    state === 'there' ||
    (state === 'busybox' && program !== 'losetup') ||
    state === 'replaced' ||
    (state === 'other' && !UTIL_LINUX_ONLY.has(program));
  if (isEnough) return { feature, verdict: 'fine' };
  // Without veritysetup(8) all of an image is checked before it is mounted; SELinux may only be permissive.
  const isOptional = !isVital && (program === 'veritysetup' || program === 'chcon');
  return { feature, verdict: isOptional ? 'warning' : 'missing' };
}

/** A user who may not write to `/run` has a directory elsewhere; that the machine's `/run` is read-only is not meant to be. */
function judgeStateDirectory({ outlook, isPrivileged }: FindingOf<'state-directory'>): Verdict {
  if (outlook.kind === 'none') return isPrivileged ? 'missing' : 'untold';
  return outlook.kind === 'own' && outlook.code === 'EROFS' ? 'warning' : 'fine';
}

/** What to make of all findings: whether directories can be merged here, and nothing is left of killed calls. */
export type Fitness = 'fit' | 'unfit' | 'untold';

export function fitnessOf(findings: readonly Finding[], { left, untold }: Leftovers): Fitness {
  const verdicts = findings
    .map(judge)
    .flatMap(({ feature, verdict }) => (feature === 'directories' ? verdict : []));
  if (left.length > 0 || verdicts.includes('missing')) return 'unfit';
  return untold.length > 0 || verdicts.includes('untold') ? 'untold' : 'fit';
}
