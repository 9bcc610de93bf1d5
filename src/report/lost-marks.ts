import type { LostMark } from '../host/whiteouts.js';
import { quoted } from './printable.js';

const WHAT: Readonly<Record<LostMark['mark'], string>> = {
  whiteout: 'removes a file of the host (whiteout)',
  opaque: 'hides a directory of the host (opaque)',
  redirect: 'stands for a directory of the host that has another name (redirect)',
};

/** Which mark of overlayfs cannot be copied where; without a full stop. */
export function describeLostMark({ file, mark, place }: LostMark): string {
  // Those that are attributes an overlay takes since Linux 6.7.
  const likely = mark === 'whiteout' ? ', as no overlay does' : '';
  return `${quoted(file)} ${WHAT[mark]}, and the file system of ${quoted(place)} does not take the marks for it${likely}`;
}
