/** What the generated scenarios of a class consist of. */

export type ClassName = 'sysext' | 'confext';

/** Search directories, but for those in an initrd. */
export const SEARCH: Readonly<Record<ClassName, readonly string[]>> = {
  sysext: ['var/lib/extensions', 'run/extensions', 'etc/extensions'],
  confext: ['var/lib/confexts', 'run/confexts', 'usr/local/lib/confexts', 'usr/lib/confexts'],
};

export const RELEASES: Readonly<Record<ClassName, string>> = {
  sysext: 'usr/lib/extension-release.d',
  confext: 'etc/extension-release.d',
};

/** Where extensions have something: to be merged, to be left out, and below a hierarchy that only some scenarios have. */
export const FILES: Readonly<Record<ClassName, readonly string[]>> = {
  sysext: ['usr/bin/host', 'usr/share/x', 'usr/share/y', 'opt/x', 'opt/z', 'usr/local/x', 'mnt/x'],
  confext: ['etc/host', 'etc/x', 'etc/y', 'usr/x', 'mnt/x'],
};

/** Each exists on every machine: the original looks there also for what is below a root (`hierarchy-of-the-machine`). */
export const HIERARCHIES: Readonly<Record<ClassName, readonly string[]>> = {
  sysext: ['usr', 'opt', 'mnt'],
  confext: ['etc', 'mnt'],
};

/** Without the names that ours merges and the original cannot. */
export const NAMES = ['a', 'b', 'a-1', 'b_2', 'Z', 'ä', 'a b'] as const;

export const MODES = ['yes', 'ephemeral', 'auto', 'import', 'ephemeral-import', 'no'] as const;

/** `SYSTEMD_SYSEXT_` and what follows. */
export const variable = (cls: ClassName, name: string): string => `SYSTEMD_${cls.toUpperCase()}_${name}`;
