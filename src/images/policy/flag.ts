/** How a partition may be protected, if it is there and used. */
export const PROTECTIONS = [
  'verity',
  'signed',
  'encrypted',
  'encryptedwithintegrity',
  'unprotected',
] as const;

export type Protection = (typeof PROTECTIONS)[number];

/** Whether a partition is there and used; the last two: it is there but is not used, it is not there. */
export const USES = [...PROTECTIONS, 'unused', 'absent'] as const;

export type Use = (typeof USES)[number];

/** What the attributes of a partition in the partition table must be, in the order in which they are written. */
export const ATTRIBUTE_FLAGS = ['read-only-on', 'read-only-off', 'growfs-off', 'growfs-on'] as const;

export type AttributeFlag = (typeof ATTRIBUTE_FLAGS)[number];

/** File systems that a policy can name. */
export const FILE_SYSTEM_FLAGS = ['btrfs', 'erofs', 'ext4', 'f2fs', 'squashfs', 'vfat', 'xfs'] as const;

export type FileSystemFlag = (typeof FILE_SYSTEM_FLAGS)[number];

/** All flags, in the order in which they are written. */
export const FLAGS = [...USES, ...ATTRIBUTE_FLAGS, ...FILE_SYSTEM_FLAGS] as const;

export type Flag = (typeof FLAGS)[number];

/** In the order of {@link FLAGS}, each at most once. */
export type Flags = readonly Flag[];

/** Words for several flags (systemd.image-policy(7)). */
export const SHORTCUTS = {
  open: USES,
  ignore: ['unused', 'absent'],
} as const satisfies Readonly<Record<string, Flags>>;

/** @returns the flags that a word stands for; `null` for a word that is none */
export function flagsOf(word: string): Flags | null {
  if (Object.hasOwn(SHORTCUTS, word)) return SHORTCUTS[word as keyof typeof SHORTCUTS];
  const flag = FLAGS.find((candidate) => candidate === word);
  return flag === undefined ? null : [flag];
}

/** Puts flags into their order. */
export function sortFlags(flags: Iterable<Flag>): Flags {
  const set = new Set(flags);
  return FLAGS.filter((flag) => set.has(flag));
}

export const usesOf = (flags: Flags): readonly Use[] => USES.filter((use) => flags.includes(use));

export const fileSystemsOf = (flags: Flags): readonly FileSystemFlag[] =>
  FILE_SYSTEM_FLAGS.filter((type) => flags.includes(type));

export function sameFlags(a: Flags, b: Flags): boolean {
  return a.length === b.length && a.every((flag, index) => flag === b[index]);
}
