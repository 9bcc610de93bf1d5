import type { LeftOut } from '../../choice/apply.js';
import type { PassedOver } from '../../images/image.js';
import type { ImageProblem } from '../../mount/examine-images.js';
import type { Mismatch } from '../../release/verdict.js';
import type { Fate } from './candidate.js';

/** Words as keys, so that the compiler asks for those that are missing. */
type Words<Word extends string> = Readonly<Record<Word, true>>;

const UNFIT: Words<Mismatch['kind'] | 'empty-directory'> = {
  'forbidden-os-release': true,
  'no-release-file': true,
  'ambiguous-release-file': true,
  'empty-release-file': true,
  'unreadable-release-file': true,
  'scope-mismatch': true,
  'architecture-mismatch': true,
  'id-missing': true,
  'id-mismatch': true,
  'level-mismatch': true,
  'version-missing': true,
  'version-mismatch': true,
  'empty-directory': true,
};

const UNUSABLE: Words<ImageProblem['kind']> = {
  ambiguous: true,
  'architectures-differ': true,
  archive: true,
  changed: true,
  damaged: true,
  elf: true,
  empty: true,
  'generic-ambiguous': true,
  'gpt-cut-off': true,
  'gpt-damaged': true,
  'hybrid-mbr': true,
  iso9660: true,
  mbr: true,
  'no-layers': true,
  'no-partition-for-root-hash': true,
  'no-partition-table': true,
  'no-usable-partition': true,
  'no-usr-directory': true,
  part: true,
  'partial-block': true,
  partition: true,
  'partition-outside': true,
  'partitions-overlap': true,
  policy: true,
  'protection-without-data': true,
  'sector-size-ambiguous': true,
  sidecar: true,
  swap: true,
  text: true,
  'too-short': true,
  'tree-beside-disk': true,
  truncated: true,
  unknown: true,
  verity: true,
  'virtual-disk': true,
  zeros: true,
};

const NO_IMAGE: Words<PassedOver['kind']> = {
  'bad-name': true,
  dangling: true,
  hidden: true,
  masked: true,
  'no-image': true,
  'no-version': true,
  unreachable: true,
};

const NOT_CHOSEN: Words<LeftOut['kind']> = {
  'others-named': true,
  excepted: true,
};

const FATES: Words<Exclude<Fate, 'merged' | 'ignored' | 'skipped' | 'untold'>> = {
  unusable: true,
  masked: true,
  'not-chosen': true,
  hidden: true,
  rejected: true,
};

/**
 * Why something that is installed is not merged, in words that stay the same: `rule` and `fate` of
 * docs/schema/explain-1.json.
 */
export const REASON_WORDS = {
  /** Its release file does not fit the host, or it is an empty directory. */
  unfit: Object.keys(UNFIT),
  /** An image file that cannot be used. */
  unusable: Object.keys(UNUSABLE),
  /** An entry of a search directory that gives no image. */
  noImage: Object.keys(NO_IMAGE),
  /** It was left out when others were chosen. */
  notChosen: Object.keys(NOT_CHOSEN),
  /** Any of those of its kind. */
  fates: Object.keys(FATES),
} as const;

export const REASONS: ReadonlySet<string> = new Set(Object.values(REASON_WORDS).flat());
