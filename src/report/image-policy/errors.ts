import { DESIGNATORS } from '../../images/policy/designator.js';
import { FLAGS, SHORTCUTS } from '../../images/policy/flag.js';
import type { ImagePolicyError, PolicyProblem } from '../../images/policy/parse.js';
import { quoted } from '../printable.js';

const RULES = "rules are PARTITION=FLAG+FLAG, with ':' between them";

/** Why a text is no image policy, and where in it. */
export function describePolicyError({ policy, problem }: ImagePolicyError): string {
  return `Failed to parse image policy ${quoted(policy)}: ${describeProblem(problem)}.`;
}

function describeProblem({ kind, text, position }: PolicyProblem): string {
  const where = `at character ${position}`;
  switch (kind) {
    case 'no-equals':
      return `${text === '' ? 'an empty rule' : `no '=' in the rule ${quoted(text)}`} ${where}; ${RULES}`;
    case 'unknown-designator':
      return `there is no partition ${quoted(text)} (${where}; one of: ${DESIGNATORS.join(', ')})`;
    case 'duplicate':
      return `a second rule for ${text === '' ? 'all other partitions' : quoted(text)} ${where}; each can have one`;
    case 'unknown-flag': {
      const known = [...FLAGS, ...Object.keys(SHORTCUTS)].join(', ');
      return `${text === '' ? 'an empty flag' : `there is no flag ${quoted(text)}`} (${where}; one of: ${known})`;
    }
  }
}
