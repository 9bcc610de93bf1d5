import type { LostMark } from '../host/whiteouts.js';
import { quoted } from './printable.js';

/** Why there are no marks on an overlay, as a clause about a place. */
export const ON_OVERLAY =
  'lies on an overlay, as in most containers, where the kernel makes no marks for what was removed';

/** What to use instead. */
export const ELSEWHERE = 'another file system, such as a tmpfs';

const MARKS: Readonly<Record<LostMark['mark'], string>> = {
  whiteout: 'is a whiteout',
  opaque: 'is marked as opaque',
  redirect: 'is marked as renamed',
};

/** Which mark cannot be copied where, and why; without a full stop. */
export function describeLostMark({ file, mark, place, onOverlay }: LostMark): string {
  const why = onOverlay
    ? `${quoted(place)} ${ON_OVERLAY}`
    : `the file system of ${quoted(place)} does not keep marks for what was removed`;
  return `${quoted(file)} ${MARKS[mark]}, and ${why}`;
}
