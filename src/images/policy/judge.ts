import { DATA_DESIGNATORS, DESIGNATORS, type Designator, roleOf } from './designator.js';
import { type EffectiveRule, effectiveRule } from './effective.js';
import type { ImageFacts, PartitionFacts } from './facts.js';
import { fileSystemsOf, PROTECTIONS, type Protection, type Use, usesOf } from './flag.js';
import { evidenceFor, protectionsOf } from './found.js';
import type { ImagePolicy } from './policy.js';
import { findForbidden, findUnpaired, findWrongAttribute, findWrongFileSystem } from './refusals.js';
import type { PartitionVerdict, PolicyVerdict, Requirement } from './verdict.js';

/**
 * What a policy does to an image (systemd.image-policy(7)). Whether hash trees and signatures are right can be found out
 * only afterwards, so the verdict says which of them must be.
 */
export function judgeImage(policy: ImagePolicy, image: ImageFacts): PolicyVerdict {
  const facts = new Map(image.partitions.map((partition) => [partition.designator, partition]));
  // Of a bare file system is not asked what only a partition table can have.
  const concerned: readonly Designator[] = image.layout === 'bare' ? ['root'] : DESIGNATORS;
  const rules = concerned.map((designator) => effectiveRule(policy, designator));
  const present = rules.filter(({ designator }) => facts.has(designator));
  const used = new Set(present.filter((rule) => !isIgnored(rule)).map(({ designator }) => designator));

  const refusal = findForbidden(present) ?? findUnpaired(used);
  if (refusal !== null) return { kind: 'refused', refusal };
  const partitions: PartitionVerdict[] = [];
  for (const rule of rules) {
    const partition = facts.get(rule.designator);
    const verdict =
      partition === undefined ? judgeMissing(rule) : judgePartition(rule, partition, image, used);
    if (verdict?.kind === 'refused') return verdict;
    if (verdict !== null) partitions.push(verdict);
  }
  const data = partitions.filter(({ designator }) => roleOf(designator) === 'data');
  if (data.some(({ kind }) => kind === 'use')) return { kind: 'accepted', partitions };
  const ignored = DATA_DESIGNATORS.filter((name) => data.some(({ designator }) => designator === name));
  return { kind: 'refused', refusal: { kind: 'nothing-left', ignored } };
}

/** Whatever it is, it is not used. */
function isIgnored({ flags }: EffectiveRule): boolean {
  const uses = usesOf(flags);
  return uses.includes('unused') && uses.every((use) => use === 'unused' || use === 'absent');
}

type Refused = Extract<PolicyVerdict, { kind: 'refused' }>;

function judgeMissing({ designator, flags, origin }: EffectiveRule): Refused | null {
  const wanted = usesOf(flags);
  if (wanted.includes('absent')) return null;
  const because = origin.kind === 'derived' ? origin.from : null;
  return { kind: 'refused', refusal: { kind: 'missing', designator, wanted, because } };
}

function judgePartition(
  rule: EffectiveRule,
  facts: PartitionFacts,
  image: ImageFacts,
  used: ReadonlySet<Designator>,
): PartitionVerdict | Refused {
  const { designator, flags } = rule;
  if (isIgnored(rule)) return { kind: 'ignored', designator };
  const wanted = usesOf(flags);
  const found = protectionsOf(facts, evidenceFor(designator, image, used), image.layout);
  const allowed = PROTECTIONS.filter((use) => found.includes(use) && wanted.includes(use));
  if (allowed.length === 0) {
    // Of a bare file system there would be nothing left.
    if (wanted.includes('unused') && image.layout !== 'bare') return { kind: 'ignored', designator };
    return { kind: 'refused', refusal: { kind: 'protection', designator, found, wanted } };
  }
  const refusal = findWrongAttribute(rule, facts) ?? findWrongFileSystem(rule, facts);
  if (refusal !== null) return { kind: 'refused', refusal };
  const required = requirementOf(allowed, wanted);
  return { kind: 'use', designator, allowed, required, fileSystems: fileSystemsOf(flags) };
}

/** The strongest protection that is allowed is the one that is asked for. */
function requirementOf(allowed: readonly Protection[], wanted: readonly Use[]): Requirement {
  if (allowed.includes('signed'))
    return wanted.includes('verity') ? 'signature-or-verity' : 'signature-must-verify';
  return allowed.includes('verity') ? 'verity-must-verify' : 'none';
}
