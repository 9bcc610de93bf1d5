import { DESIGNATORS } from './designator.js';
import { effectiveRule, otherwiseFlags, reduce, widen } from './effective.js';
import { type Flags, SHORTCUTS, sameFlags, USES, usesOf } from './flag.js';
import { IGNORE, type ImagePolicy, SIGNS } from './policy.js';

/**
 * Writes a policy in its canonical form: rules in the order of the partitions, what goes without saying left out, one
 * of the signs if that means the same (as `systemd-analyze image-policy` does).
 */
export function formatImagePolicy(policy: ImagePolicy): string {
  for (const sign of ['-', '*', '~'] as const) if (meansTheSame(policy, SIGNS[sign])) return sign;
  const rules = DESIGNATORS.flatMap((designator) => {
    const flags = policy.rules[designator];
    if (flags === undefined || sameFlags(flags, otherwiseFlags(policy, designator))) return [];
    return [`${designator}=${formatFlags(reduce(flags)) || '-'}`];
  });
  const { otherwise } = policy;
  if (otherwise !== null && !sameFlags(reduce(otherwise), IGNORE.otherwise ?? []))
    rules.push(`=${formatFlags(reduce(otherwise)) || '-'}`);
  return rules.join(':');
}

/** Writes a policy with all flags that were written, and the rule for all others also if there was none. */
export function formatLongImagePolicy({ rules, otherwise }: ImagePolicy): string {
  const written = DESIGNATORS.flatMap((designator) => {
    const flags = rules[designator];
    return flags === undefined ? [] : [`${designator}=${flags.join('+') || '-'}`];
  });
  return [...written, `=${(otherwise ?? IGNORE.otherwise ?? []).join('+') || '-'}`].join(':');
}

/** Writes flags with the shortcuts for several of them; nothing for none. */
export function formatFlags(flags: Flags): string {
  const uses = usesOf(flags);
  const others = flags.filter((flag) => !(USES as Flags).includes(flag));
  const [shortcut] = Object.entries(SHORTCUTS).find(([, meant]) => sameFlags(uses, meant)) ?? [];
  return [...(shortcut === undefined ? uses : [shortcut]), ...others].join('+');
}

function meansTheSame(a: ImagePolicy, b: ImagePolicy): boolean {
  const widened = ({ otherwise }: ImagePolicy) => widen(otherwise ?? IGNORE.otherwise ?? []);
  return (
    sameFlags(widened(a), widened(b)) &&
    DESIGNATORS.every((designator) =>
      sameFlags(effectiveRule(a, designator).flags, effectiveRule(b, designator).flags),
    )
  );
}
