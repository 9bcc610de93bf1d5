import { type Designator, protectedBy, roleOf } from './designator.js';
import type { EffectiveRule } from './effective.js';
import type { PartitionFacts } from './facts.js';
import { type Flag, fileSystemsOf, usesOf } from './flag.js';
import type { Refusal } from './verdict.js';

/** @param present the rules for partitions that are there */
export function findForbidden(present: readonly EffectiveRule[]): Refusal | null {
  const rule = present.find(({ flags }) => usesOf(flags).join() === 'absent');
  return rule === undefined ? null : { kind: 'not-allowed', designator: rule.designator };
}

/** @param used the partitions that are there and are not ignored */
export function findUnpaired(used: ReadonlySet<Designator>): Refusal | null {
  for (const designator of used) {
    const data = protectedBy(designator);
    if (data === null) continue;
    const without = roleOf(designator) === 'signature' ? (`${data}-verity` as const) : data;
    if (!used.has(without)) return { kind: 'unpaired', designator, without };
  }
  return null;
}

export function findWrongAttribute(
  { designator, flags }: EffectiveRule,
  { readOnly, growFileSystem }: PartitionFacts,
): Refusal | null {
  const attributes = [
    ['read-only', readOnly],
    ['growfs', growFileSystem],
  ] as const;
  for (const [attribute, isOn] of attributes) {
    const right: Flag = `${attribute}-${isOn ? 'on' : 'off'}`;
    const wrong: Flag = `${attribute}-${isOn ? 'off' : 'on'}`;
    if (flags.includes(wrong) && !flags.includes(right))
      return { kind: 'attribute', designator, attribute, wanted: !isOn };
  }
  return null;
}

/** Of what is encrypted nothing is known before it is open. */
export function findWrongFileSystem(
  { designator, flags }: EffectiveRule,
  { fileSystem, encryption }: PartitionFacts,
): Refusal | null {
  const wanted = fileSystemsOf(flags);
  const isFine = wanted.length === 0 || wanted.some((type) => type === fileSystem);
  if (isFine || fileSystem === null || encryption !== 'none') return null;
  return { kind: 'file-system', designator, found: fileSystem, wanted };
}
