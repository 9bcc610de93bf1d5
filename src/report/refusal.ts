import { formatImagePolicy } from '../images/policy/format.js';
import type { ImagePolicy } from '../images/policy/policy.js';
import type { Refusal } from '../images/policy/verdict.js';
import type { Advice } from './image-problems.js';
import { printable, quoted } from './printable.js';

/** Why an image policy does not let an image be used. */
export function describeRefusal(refusal: Refusal, policy: ImagePolicy): Advice {
  const text = formatImagePolicy(policy);
  return {
    problem: `the image policy ${quoted(text)} does not allow it: ${reason(refusal)}`,
    remedy: 'use another image, or another policy with --image-policy= if you trust this one',
  };
}

function reason(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'not-allowed':
      return `it has a partition ${refusal.designator}`;
    case 'missing':
      return `it has no partition ${refusal.designator}${refusal.because === null ? '' : `, which the rule for ${refusal.because} needs`}`;
    case 'protection':
      return `${refusal.designator} is ${refusal.found.join('+') || 'nothing'}, and must be ${refusal.wanted.join('+') || 'what nothing can be'}`;
    case 'attribute':
      return `the attribute ${refusal.attribute} of partition ${refusal.designator} must be ${refusal.wanted ? 'on' : 'off'}`;
    case 'file-system':
      return `${refusal.designator} is ${printable(refusal.found)}, and must be ${refusal.wanted.join(' or ')}`;
    case 'unpaired':
      return `${refusal.designator} is used without ${refusal.without}`;
    case 'nothing-left':
      return refusal.ignored.length === 0
        ? 'neither root nor usr is used'
        : `${refusal.ignored.join(' and ')} would not be used`;
  }
}
