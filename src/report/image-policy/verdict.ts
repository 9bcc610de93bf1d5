import { roleOf } from '../../images/policy/designator.js';
import type { ImageFacts } from '../../images/policy/facts.js';
import { judgeImage } from '../../images/policy/judge.js';
import type { ImagePolicy } from '../../images/policy/policy.js';
import type { PartitionVerdict, PolicyVerdict, Refusal } from '../../images/policy/verdict.js';
import type { Json } from '../json.js';
import { all, alternatives, PROTECTION_WORDS } from './words.js';

/** What a policy does to an image: sentences, a line each, and the same as data. */
export function explainPolicyForImage(
  policy: ImagePolicy,
  image: ImageFacts,
): { readonly lines: readonly string[]; readonly json: Json } {
  const verdict = judgeImage(policy, image);
  const ignored =
    verdict.kind === 'refused' ? [] : verdict.partitions.filter(({ kind }) => kind === 'ignored');
  const names = ignored.map(({ designator }) => designator);
  const left = names.length === 0 ? [] : [`${all(names)} ${names.length > 1 ? 'are' : 'is'} left alone.`];
  return {
    lines: [capitalized(`${describePolicyVerdict(verdict)}.`), ...left],
    json: { text: describePolicyVerdict(verdict), ...verdictToJson(verdict) },
  };
}

/** Without a full stop. */
export function describePolicyVerdict(verdict: PolicyVerdict): string {
  if (verdict.kind === 'refused') return `refused: ${describeRefusal(verdict.refusal)}`;
  const used = verdict.partitions.filter(
    (found): found is Extract<PartitionVerdict, { kind: 'use' }> =>
      found.kind === 'use' && roleOf(found.designator) === 'data',
  );
  const [first] = used;
  if (first !== undefined && used.length === 1) return describeRequirement(first);
  return used.map((found) => `${found.designator}: ${describeRequirement(found)}`).join('; ');
}

function describeRequirement({ allowed, required }: Extract<PartitionVerdict, { kind: 'use' }>): string {
  switch (required) {
    case 'signature-must-verify':
      return 'used if the signature is good and all data fits it, else refused';
    case 'signature-or-verity':
      return 'used if all data fits the hash tree; of a signature that is not good there is only a warning';
    case 'verity-must-verify':
      return 'used if all data fits the hash tree, whoever made it';
    case 'none':
      return allowed.includes('unprotected')
        ? 'used as it is, without any check'
        : 'used once it is opened with its key';
  }
}

/** Why an image is not used, without a full stop. */
export function describeRefusal(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'not-allowed':
      return `there is a partition ${refusal.designator}, and the policy allows none`;
    case 'missing':
      return `there is no partition ${refusal.designator}, and the policy wants one${refusal.because === null ? '' : ` because of its rule for ${refusal.because}`}`;
    case 'protection': {
      // What it has counts, and not that it also counts as less.
      const [strongest = 'unprotected'] = refusal.found.includes('signed')
        ? (['signed'] as const)
        : refusal.found;
      const is = PROTECTION_WORDS[strongest];
      const wanted = refusal.wanted.filter((use) => use !== 'unused' && use !== 'absent');
      const words = alternatives(wanted.map((protection) => PROTECTION_WORDS[protection]));
      return `${refusal.designator} is ${is}, and must be ${words || 'what it cannot be'}`;
    }
    case 'attribute': {
      const marked = refusal.attribute === 'read-only' ? 'read-only' : 'to be grown';
      return `${refusal.designator} is ${refusal.wanted ? 'not ' : ''}marked ${marked}, and must ${refusal.wanted ? '' : 'not '}be`;
    }
    case 'file-system':
      return `${refusal.designator} has a file system of the type ${refusal.found}, and must have ${alternatives(refusal.wanted)}`;
    case 'unpaired':
      return `${refusal.designator} is to be used without ${refusal.without}, to which it belongs`;
    case 'nothing-left':
      return refusal.ignored.length === 0
        ? 'it has neither a root nor a usr partition'
        : `the policy leaves ${all(refusal.ignored)} alone, and there is nothing else to use`;
  }
}

function verdictToJson(verdict: PolicyVerdict): { readonly [key: string]: Json } {
  if (verdict.kind === 'refused') return { verdict: 'refused', refusal: { ...verdict.refusal } };
  return {
    verdict: 'accepted',
    partitions: verdict.partitions.map(({ kind, designator, ...rest }) => ({
      partition: designator,
      use: kind === 'use',
      ...rest,
    })),
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
