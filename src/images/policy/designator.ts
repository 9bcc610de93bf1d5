/**
 * The partitions that a rule can be about, in the order in which rules are written (systemd.image-policy(7)). The words
 * are the same for every architecture.
 */
export const DESIGNATORS = [
  'root',
  'usr',
  'home',
  'srv',
  'esp',
  'xbootldr',
  'swap',
  'root-verity',
  'usr-verity',
  'root-verity-sig',
  'usr-verity-sig',
  'tmp',
  'var',
] as const;

export type Designator = (typeof DESIGNATORS)[number];

/**
 * The two that an extension can be read from, and the only ones with dm-verity: the whole tree of the merged image, or its
 * `/usr`. A file system without partition table is a root.
 */
export const DATA_DESIGNATORS = ['root', 'usr'] as const;

export type DataDesignator = (typeof DATA_DESIGNATORS)[number];

/** What a partition is for: data that verity can protect, the hash tree or signature of such, or other data. */
export type Role = 'data' | 'hash-tree' | 'signature' | 'other';

export function roleOf(designator: Designator): Role {
  if (designator.endsWith('-verity')) return 'hash-tree';
  if (designator.endsWith('-verity-sig')) return 'signature';
  return designator === 'root' || designator === 'usr' ? 'data' : 'other';
}

/** The data that a hash tree or signature belongs to; `null` for a partition that belongs to no other. */
export function protectedBy(designator: Designator): DataDesignator | null {
  const role = roleOf(designator);
  if (role !== 'hash-tree' && role !== 'signature') return null;
  return designator.startsWith('root') ? 'root' : 'usr';
}

export function isDesignator(word: string): word is Designator {
  return (DESIGNATORS as readonly string[]).includes(word);
}
