import type { ExtensionClass } from '../../extension-class.js';
import { switchedOffBy } from '../../images/switched-off.js';
import type { Mismatch, Verdict } from '../../release/verdict.js';
import { quotedList } from '../printable.js';
import type { Candidate, Fate } from './candidate.js';

/** In lists and tables. */
export const FATE_WORDS: Readonly<Record<Fate, string>> = {
  merged: 'would be merged',
  ignored: 'does not fit',
  unusable: 'cannot be used',
  masked: 'switched off',
  'not-chosen': 'not chosen',
  hidden: 'hidden',
  rejected: 'no usable extension',
  skipped: 'no extension',
  untold: 'cannot be told',
};

export function nameOf(candidate: Candidate): string {
  if (candidate.kind !== 'passed-over') return candidate.image.name;
  const { passedOver } = candidate;
  return 'name' in passedOver ? passedOver.name : passedOver.entry;
}

/** What becomes of a candidate, as the rest of a sentence about it; without a full stop. */
export function describeFate(
  candidate: Candidate,
  fate: Fate,
  verdict: Verdict | null,
  blockers: readonly string[],
  { searchPath }: ExtensionClass,
): string {
  const isInstalled = candidate.kind !== 'image' || candidate.isInstalled;
  switch (fate) {
    case 'merged': {
      const isForced = verdict?.kind === 'accepted' && verdict.overridden !== undefined;
      const fits = isForced ? 'does not fit, but --force merges it' : 'fits';
      if (!isInstalled)
        return `${fits}; it is not installed, to have it merged put it into ${searchPath.at(-1)}`;
      if (blockers.length > 0)
        return `${fits}, but nothing is merged before ${quotedList(blockers)} ${blockers.length === 1 ? 'is' : 'are'} mended or removed`;
      return isForced ? 'would be merged, but only because of --force' : 'would be merged';
    }
    case 'ignored':
      return 'would be ignored, because it does not fit';
    case 'unusable':
      return isInstalled
        ? 'cannot be used, and as long as it is there nothing else is merged either'
        : 'cannot be used';
    case 'masked':
      return `is switched off (${candidate.kind === 'image' && switchedOffBy(candidate.image.path) === 'disabled' ? 'disabled' : 'masked'})`;
    case 'not-chosen':
      return 'would not be merged, because it is not chosen';
    case 'hidden':
      return 'is hidden by another one of the same name';
    case 'rejected':
      return 'is passed over, though it may be meant as an extension';
    case 'skipped':
      return 'is passed over, because it is no extension';
    case 'untold':
      return 'may or may not be merged: that cannot be told';
  }
}

/** What hinders an extension, in a word or two for a table: the field, or what is wrong before fields count. */
export function hindranceOf(mismatch: Mismatch): string {
  switch (mismatch.kind) {
    case 'forbidden-os-release':
      return 'has an os-release';
    case 'no-release-file':
      return 'no release file';
    case 'ambiguous-release-file':
      return 'several release files';
    case 'empty-release-file':
      return 'empty release file';
    case 'unreadable-release-file':
      return 'unreadable release file';
    default:
      return mismatch.field;
  }
}
