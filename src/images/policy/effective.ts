import { DESIGNATORS, type Designator, protectedBy, roleOf } from './designator.js';
import { ATTRIBUTE_FLAGS, type Flag, type Flags, sameFlags, sortFlags, USES, usesOf } from './flag.js';
import { IGNORE, type ImagePolicy } from './policy.js';

/** Where the flags of a partition come from. */
export type Origin =
  | { readonly kind: 'rule' }
  /** From the rule of the data that it protects. */
  | { readonly kind: 'derived'; readonly from: Designator }
  /** From the rule without designator, or because there is no such rule. */
  | { readonly kind: 'otherwise'; readonly written: boolean };

/** What a policy means for a partition. */
export interface EffectiveRule {
  readonly designator: Designator;
  /**
   * With all that goes without saying. Without any use, which is what is left of `home=verity`: there is no way for the
   * partition to fulfil this, not even by being absent.
   */
  readonly flags: Flags;
  readonly origin: Origin;
}

/** What a policy means for a partition, by systemd.image-policy(7). */
export function effectiveRule(policy: ImagePolicy, designator: Designator): EffectiveRule {
  const written = policy.rules[designator];
  if (written !== undefined)
    return { designator, flags: limit(designator, widen(written)), origin: { kind: 'rule' } };
  const derived = derive(policy, designator);
  if (derived !== null) return derived;
  const origin = { kind: 'otherwise', written: policy.otherwise !== null } as const;
  return { designator, flags: otherwiseFlags(policy, designator), origin };
}

/** The rules for all partitions, in their order. */
export function effectiveRules(policy: ImagePolicy): EffectiveRule[] {
  return DESIGNATORS.map((designator) => effectiveRule(policy, designator));
}

/** What the rule for all others means for a partition. */
export function otherwiseFlags({ otherwise }: ImagePolicy, designator: Designator): Flags {
  return limit(designator, widen(otherwise ?? IGNORE.otherwise ?? []));
}

/** Of what nothing is said everything is meant: about the use, and about each of the two attributes. */
export function widen(flags: Flags): Flags {
  const more: Flag[] = [];
  if (usesOf(flags).length === 0) more.push(...USES);
  for (const attribute of ['read-only-', 'growfs-']) {
    const both = ATTRIBUTE_FLAGS.filter((flag) => flag.startsWith(attribute));
    if (!both.some((flag) => flags.includes(flag))) more.push(...both);
  }
  return sortFlags([...flags, ...more]);
}

/** Takes away what says nothing: both values of an attribute. */
export function reduce(flags: Flags): Flags {
  const free = ['read-only-', 'growfs-'].filter((attribute) =>
    ATTRIBUTE_FLAGS.filter((flag) => flag.startsWith(attribute)).every((flag) => flags.includes(flag)),
  );
  return flags.filter((flag) => !free.some((attribute) => flag.startsWith(attribute)));
}

/** Takes away what a partition of this kind cannot have. */
function limit(designator: Designator, flags: Flags): Flags {
  const impossible = IMPOSSIBLE[roleOf(designator)];
  const possible = flags.filter((flag) => !impossible.includes(flag));
  // What is not there has no attributes.
  return sameFlags(usesOf(possible), ['absent'])
    ? possible.filter((flag) => !(ATTRIBUTE_FLAGS as readonly Flag[]).includes(flag))
    : possible;
}

const IMPOSSIBLE: Readonly<Record<ReturnType<typeof roleOf>, readonly Flag[]>> = {
  data: [],
  other: ['verity', 'signed'],
  'hash-tree': ['verity', 'signed', 'encrypted', 'encryptedwithintegrity'],
  signature: ['verity', 'signed', 'encrypted', 'encryptedwithintegrity'],
};

/**
 * A hash tree is needed where its data may be protected by one, a signature where that may be signed; and they are
 * needed unless the data need not be there or need not be used.
 */
function derive({ rules }: ImagePolicy, designator: Designator): EffectiveRule | null {
  const from = protectedBy(designator);
  const written = from === null ? undefined : rules[from];
  if (from === null || written === undefined) return null;
  const data = widen(written);
  const wanted: readonly Flag[] = roleOf(designator) === 'signature' ? ['signed'] : ['verity', 'signed'];
  if (!wanted.some((flag) => data.includes(flag))) return null;
  const inherited: readonly Flag[] = ['unused', 'absent', ...ATTRIBUTE_FLAGS];
  const flags: Flags = sortFlags(['unprotected', ...data.filter((flag) => inherited.includes(flag))]);
  return { designator, flags, origin: { kind: 'derived', from } };
}
