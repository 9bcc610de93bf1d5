import type { FindingOf, Surroundings } from '../../doctor/finding.js';
import type { OverlayProblem } from '../../mount/diagnose.js';
import { describeOverlayProblem } from '../errors.js';
import { printable, quoted } from '../printable.js';
import { reasonOf } from '../reason.js';
import { PRIVILEGED, startWith } from './container-advice.js';
import { describeUntried } from './untried.js';
import type { Said } from './words.js';

export function describeOverlay(
  { hierarchy, path, outcome }: FindingOf<'overlay'>,
  surroundings: Surroundings,
): Said {
  const said = { title: `overlay over ${printable(hierarchy)}`, wanted: 'an overlay can be mounted over it' };
  switch (outcome.kind) {
    case 'merged':
      return { ...said, found: 'it is merged at this moment' };
    case 'mounted':
      return {
        ...said,
        found: outcome.onOverlay
          ? 'one was mounted to try it; it is the second, and the kernel stacks no more than two'
          : 'one was mounted to try it',
      };
    case 'untried':
      return { ...said, ...describeUntried(outcome.why, outcome.cause) };
    case 'refused': {
      const why = describeOverlayProblem(outcome.problem)?.split('; ', 1)[0];
      const found = `it was tried, and refused: ${why ?? reasonOf(outcome.cause)}`;
      return { ...said, found, ...overlayRemedy(outcome.problem.kind, path, surroundings) };
    }
  }
}

function overlayRemedy(
  kind: OverlayProblem['kind'],
  path: string,
  { container }: Surroundings,
): Partial<Said> {
  if (kind === 'no-overlayfs') return { command: 'modprobe overlay' };
  if (kind === 'kernel-too-old') return { advice: 'use a newer kernel, or run this as root of the machine' };
  if (kind === 'nested')
    return {
      advice: `mount a tmpfs on ${quoted(path)} with a copy of what is there, or have it on another file system than an overlay on an overlay${container === null ? '' : ', in a container for example a volume'}`,
    };
  if (kind === 'locked-mount')
    return { advice: 'have that mounted elsewhere, or run this as root of the machine' };
  return {
    advice: container === null ? 'see what the kernel says: dmesg' : startWith(container, [PRIVILEGED]),
  };
}
