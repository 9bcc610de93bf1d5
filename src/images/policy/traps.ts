import { DATA_DESIGNATORS, type DataDesignator, DESIGNATORS, type Designator } from './designator.js';
import { effectiveRule } from './effective.js';
import { ATTRIBUTE_FLAGS, PROTECTIONS, type Use, usesOf } from './flag.js';
import type { ImagePolicy } from './policy.js';

/** What a policy does that its author may not have meant. */
export type Trap =
  /** Neither `root` nor `usr` is ever used. */
  | { readonly kind: 'uses-nothing' }
  /** No image at all fulfils the rule for it. */
  | { readonly kind: 'impossible'; readonly designator: Designator }
  /** Both `root` and `usr` must be there. */
  | { readonly kind: 'needs-both' }
  /** Images that have only this one are refused, because nobody has said anything about it. */
  | { readonly kind: 'not-mentioned'; readonly designator: DataDesignator }
  /** With a signature that is not good, the image is used all the same. */
  | { readonly kind: 'degrades'; readonly designators: readonly DataDesignator[] }
  /** What was tampered with is used as well, if only its protection was taken off. */
  | { readonly kind: 'unprotected-too'; readonly designators: readonly DataDesignator[] }
  /** A disk image must have this partition, though its data may be used without it. */
  | { readonly kind: 'needs-companion'; readonly designator: Designator; readonly data: DataDesignator }
  /** It must be there, though it is not used. */
  | { readonly kind: 'unused-needed'; readonly designator: Designator }
  /** No bare file system has this attribute. */
  | { readonly kind: 'refuses-bare'; readonly attribute: 'read-only' | 'growfs' };

/** Finds what is easily overlooked in a policy, in the order in which it should be told. */
export function findTraps(policy: ImagePolicy): Trap[] {
  const traps: Trap[] = [];
  const data = DATA_DESIGNATORS.filter((designator) => protections(policy, designator).length > 0);
  if (data.length === 0) traps.push({ kind: 'uses-nothing' });
  for (const designator of DESIGNATORS)
    if (uses(policy, designator).length === 0) traps.push({ kind: 'impossible', designator });
  if (data.length === 2 && data.every((designator) => !uses(policy, designator).includes('absent')))
    traps.push({ kind: 'needs-both' });
  traps.push(...weakTraps(policy, data));
  for (const designator of data) traps.push(...companionTraps(policy, designator));
  for (const designator of DATA_DESIGNATORS)
    if (data.length === 1 && !data.includes(designator) && isNotMentioned(policy, designator))
      traps.push({ kind: 'not-mentioned', designator });
  for (const designator of DESIGNATORS)
    if (uses(policy, designator).join() === 'unused') traps.push({ kind: 'unused-needed', designator });
  return [...traps, ...trapsOfBare(policy)];
}

const uses = (policy: ImagePolicy, designator: Designator): readonly Use[] =>
  usesOf(effectiveRule(policy, designator).flags);

const protections = (policy: ImagePolicy, designator: Designator): readonly Use[] =>
  PROTECTIONS.filter((protection) => uses(policy, designator).includes(protection));

function isNotMentioned(policy: ImagePolicy, designator: Designator): boolean {
  return effectiveRule(policy, designator).origin.kind === 'otherwise' && policy.otherwise === null;
}

/** An image is as safe as the weakest protection that is allowed for it. */
function weakTraps(policy: ImagePolicy, data: readonly DataDesignator[]): Trap[] {
  const both = (designator: DataDesignator, words: readonly Use[]) =>
    words.every((word) => protections(policy, designator).includes(word));
  const unprotected = data.filter(
    (name) => both(name, ['unprotected', 'verity']) || both(name, ['unprotected', 'signed']),
  );
  const degrades = data.filter((name) => both(name, ['verity', 'signed']) && !unprotected.includes(name));
  return [
    ...(degrades.length === 0 ? [] : [{ kind: 'degrades', designators: degrades } as const]),
    ...(unprotected.length === 0 ? [] : [{ kind: 'unprotected-too', designators: unprotected } as const]),
  ];
}

function* companionTraps(policy: ImagePolicy, designator: DataDesignator): Generator<Trap> {
  const allowed = protections(policy, designator);
  const companions = [
    [`${designator}-verity`, allowed.some((use) => use !== 'verity' && use !== 'signed')],
    [`${designator}-verity-sig`, allowed.some((use) => use !== 'signed')],
  ] as const;
  for (const [companion, isOptional] of companions) {
    const { flags, origin } = effectiveRule(policy, companion);
    if (isOptional && origin.kind === 'derived' && !flags.includes('absent'))
      yield { kind: 'needs-companion', designator: companion, data: designator };
  }
}

/** Where there is no partition table, both attributes are off. */
function trapsOfBare(policy: ImagePolicy): Trap[] {
  if (protections(policy, 'root').length === 0) return [];
  const { flags } = effectiveRule(policy, 'root');
  return (['read-only', 'growfs'] as const)
    .filter((attribute) => {
      const values = ATTRIBUTE_FLAGS.filter((flag) => flag.startsWith(attribute) && flags.includes(flag));
      return values.join() === `${attribute}-on`;
    })
    .map((attribute) => ({ kind: 'refuses-bare', attribute }));
}
