import type { Designator } from '../../images/policy/designator.js';
import { protectedBy, roleOf } from '../../images/policy/designator.js';
import type { Protection } from '../../images/policy/flag.js';

/** What a partition with this protection is. */
export const PROTECTION_WORDS: Readonly<Record<Protection, string>> = {
  verity: 'protected by dm-verity',
  signed: 'signed',
  encrypted: 'encrypted with LUKS',
  encryptedwithintegrity: 'encrypted with LUKS and protected from changes',
  unprotected: 'unprotected',
};

/** What a partition is, for who knows its name only from a policy. */
export function describePartition(designator: Designator): string {
  const data = protectedBy(designator);
  if (data !== null)
    return `the ${roleOf(designator) === 'signature' ? 'signature' : 'hash tree'} of ${data}`;
  return OTHERS[designator as keyof typeof OTHERS];
}

const OTHERS = {
  root: 'the root file system, or a bare file system without partitions',
  usr: 'the tree for /usr',
  home: 'the tree for /home',
  srv: 'the tree for /srv',
  esp: 'the EFI system partition',
  xbootldr: 'the extended boot loader partition',
  swap: 'swap space',
  tmp: 'the tree for /var/tmp',
  var: 'the tree for /var',
} as const;

/** `a`, `b or c` */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** `a`, `b and c` */
export function all(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
