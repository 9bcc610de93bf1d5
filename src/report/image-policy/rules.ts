import type { Designator } from '../../images/policy/designator.js';
import { roleOf } from '../../images/policy/designator.js';
import { type EffectiveRule, effectiveRules } from '../../images/policy/effective.js';
import { type Flags, fileSystemsOf, PROTECTIONS, usesOf } from '../../images/policy/flag.js';
import type { ImagePolicy } from '../../images/policy/policy.js';
import type { Json } from '../json.js';
import { all, alternatives, describePartition, PROTECTION_WORDS } from './words.js';

/** A sentence for each rule of a policy. Partitions that have the same rule for the same reason share one. */
export function describeRules(policy: ImagePolicy): string[] {
  const groups = new Map<string, EffectiveRule[]>();
  for (const rule of effectiveRules(policy)) {
    const key = describeRule(rule);
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups].map(([sentence, rules]) => {
    const names = rules.map(({ designator }) => designator);
    const alone = rules.length === 1 ? ` (${describePartition(names[0] as Designator)})` : '';
    return `${all(names)}${alone}: ${sentence}`;
  });
}

/** The same as data. */
export function rulesToJson(policy: ImagePolicy): Json {
  return effectiveRules(policy).map((rule) => ({
    partition: rule.designator,
    flags: rule.flags,
    from:
      rule.origin.kind === 'derived'
        ? rule.origin.from
        : rule.origin.kind === 'rule'
          ? rule.designator
          : null,
    text: describeRule(rule),
  }));
}

function describeRule({ designator, flags, origin }: EffectiveRule): string {
  const why = origin.kind === 'derived' ? `; this follows from the rule for ${origin.from}` : '';
  return `${describeUse(designator, flags)}${describeAttributes(flags)}${describeFileSystems(flags)}${why}.`;
}

function describeUse(designator: Designator, flags: Flags): string {
  const uses = usesOf(flags);
  const [isUnused, isAbsent] = [uses.includes('unused'), uses.includes('absent')];
  const accepted = PROTECTIONS.filter((protection) => uses.includes(protection));
  if (uses.length === 0)
    return 'nothing fulfils this rule, because this partition can have none of the protections';
  if (accepted.length === 0) {
    if (!isUnused) return 'must not be there';
    return `${isAbsent ? 'may' : 'must'} be there; not used`;
  }
  const presence = isAbsent ? 'may be missing' : 'must be there';
  const role = roleOf(designator);
  if (role === 'hash-tree' || role === 'signature') return presence;
  if (accepted.length === (role === 'data' ? PROTECTIONS.length : PROTECTIONS.length - 2))
    return `${presence}; used whatever its protection is`;
  const words = alternatives(accepted.map((protection) => PROTECTION_WORDS[protection]));
  return `${presence}; used if it is ${words}, ${isUnused ? 'else left alone' : 'else the image is refused'}`;
}

function describeAttributes(flags: Flags): string {
  const texts = { 'read-only': 'read-only', growfs: 'to be grown' } as const;
  return Object.entries(texts)
    .map(([attribute, text]) => {
      const [on, off] = ['on', 'off'].map((value) => flags.some((flag) => flag === `${attribute}-${value}`));
      if (on === off) return '';
      return `; the partition table must ${on ? '' : 'not '}mark it ${text}`;
    })
    .join('');
}

function describeFileSystems(flags: Flags): string {
  const types = fileSystemsOf(flags);
  return types.length === 0 ? '' : `; its file system must be ${alternatives(types)}`;
}
