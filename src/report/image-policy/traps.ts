import type { ImagePolicy } from '../../images/policy/policy.js';
import { findTraps, type Trap } from '../../images/policy/traps.js';
import type { Json } from '../json.js';
import { all, describePartition } from './words.js';

/** What is easily overlooked in a policy, a line each. */
export function describeTraps(policy: ImagePolicy): string[] {
  return findTraps(policy).map(describeTrap);
}

/** The same as data. */
export function trapsToJson(policy: ImagePolicy): Json {
  return findTraps(policy).map((trap) => ({ ...trap, text: describeTrap(trap) }));
}

function describeTrap(trap: Trap): string {
  switch (trap.kind) {
    case 'uses-nothing':
      return 'Neither root nor usr is ever used, so no image can be merged.';
    case 'impossible':
      return `No disk image fulfils the rule for ${trap.designator}: only root and usr can have dm-verity, and hash trees and signatures no protection. Each disk image is refused.`;
    case 'needs-both':
      return "Disk images must have root and usr. To take those that have one of them, add 'absent' to both rules.";
    case 'not-mentioned':
      return `There is no rule for ${trap.designator}, so it is left alone, and images with nothing but ${describePartition(trap.designator)} are refused.`;
    case 'degrades':
      return `For ${all(trap.designators)} 'verity' stands beside 'signed': an image whose signature is not good is used as well, with the protection of its hash tree only, which anybody can make. To insist on signatures, leave 'verity' out.`;
    case 'unprotected-too':
      return `For ${all(trap.designators)} 'unprotected' is allowed: who can change an image can also take its protection off, and it is used all the same.`;
    case 'needs-companion':
      return `Disk images must have ${trap.designator}, although ${trap.data} may be used without it. To take those that have none, add 'absent' to the rule for ${trap.data}.`;
    case 'unused-needed':
      return `'unused' alone means that ${trap.designator} must be there and is not used. To leave it alone if it is there, write 'ignore', which is 'unused+absent'; to forbid it, 'absent'.`;
    case 'refuses-bare':
      return `'${trap.attribute}-on' refuses all bare file systems: only a partition table can mark something ${trap.attribute === 'read-only' ? 'read-only' : 'to be grown'}.`;
  }
}
