/**
 * The two classes of extension images: system extensions for `/usr` and `/opt`, configuration extensions for
 * `/etc`. All that differs between them is data, and stands here (systemd-sysext(8), systemd-confext(8)).
 */
export interface ExtensionClass {
  readonly name: 'sysext' | 'confext';
  /** What an image of this class is called in messages. */
  readonly noun: string;
  /** Directories that are merged, in the order in which they are merged. */
  readonly hierarchies: readonly string[];
  /** Environment variable that replaces {@link hierarchies}: absolute paths, colon-separated. */
  readonly hierarchiesVariable: string;
  /** Where images are looked for; a name found in an earlier directory hides the same name in a later one. */
  readonly searchPath: readonly string[];
  /** The same in an initrd (systemd-stub(7) fills the directories below `/.extra`). */
  readonly initrdSearchPath: readonly string[];
  /** File names of images may carry this before `.raw`, or at the end for directories. */
  readonly suffix: string;
  /** Directory of the release file below the root of an image. */
  readonly releaseDirectory: string;
  /** An image with this file is a whole operating system, and refused. */
  readonly forbidden: string | null;
  readonly levelField: string;
  readonly scopeField: string;
  /** Directory with the metadata in the root of a merged hierarchy, and the file with the names in it. */
  readonly metadataDirectory: string;
  readonly namesFile: string;
  /** Flags of the mounts beside `ro`. */
  readonly mountFlags: readonly string[];
  /** Environment variable with more options for the overlay, appended as they are. */
  readonly mountOptionsVariable: string;
  /** Environment variable with the mutable mode, for calls without `--mutable=`. */
  readonly mutableVariable: string;
  /** Configuration file and the section in it that counts (sysext.conf(5)). */
  readonly configFile: string;
  readonly configSection: string;
  /** Word of the kernel command line that switches merging at boot on or off (kernel-command-line(7)). */
  readonly kernelSwitch: string;
}

export const SYSEXT: ExtensionClass = {
  name: 'sysext',
  noun: 'OS extensions',
  hierarchies: ['/usr', '/opt'],
  hierarchiesVariable: 'SYSTEMD_SYSEXT_HIERARCHIES',
  searchPath: ['/etc/extensions', '/run/extensions', '/var/lib/extensions'],
  initrdSearchPath: [
    '/etc/extensions',
    '/run/extensions',
    '/var/lib/extensions',
    '/.extra/sysext',
    '/.extra/global_sysext',
  ],
  suffix: '.sysext',
  releaseDirectory: 'usr/lib/extension-release.d',
  forbidden: 'usr/lib/os-release',
  levelField: 'SYSEXT_LEVEL',
  scopeField: 'SYSEXT_SCOPE',
  metadataDirectory: '.systemd-sysext',
  namesFile: 'extensions',
  mountFlags: ['nodev'],
  mountOptionsVariable: 'SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS',
  mutableVariable: 'SYSTEMD_SYSEXT_MUTABLE_MODE',
  configFile: 'sysext.conf',
  configSection: 'SysExt',
  kernelSwitch: 'systemd.sysext',
};

export const CONFEXT: ExtensionClass = {
  name: 'confext',
  noun: 'OS configuration extensions',
  hierarchies: ['/etc'],
  hierarchiesVariable: 'SYSTEMD_CONFEXT_HIERARCHIES',
  searchPath: ['/run/confexts', '/var/lib/confexts', '/usr/local/lib/confexts', '/usr/lib/confexts'],
  initrdSearchPath: [
    '/run/confexts',
    '/var/lib/confexts',
    '/usr/local/lib/confexts',
    '/.extra/confext',
    '/.extra/global_confext',
  ],
  suffix: '.confext',
  releaseDirectory: 'etc/extension-release.d',
  forbidden: null,
  levelField: 'CONFEXT_LEVEL',
  scopeField: 'CONFEXT_SCOPE',
  metadataDirectory: '.systemd-confext',
  namesFile: 'confexts',
  mountFlags: ['nodev', 'nosuid', 'noexec'],
  mountOptionsVariable: 'SYSTEMD_CONFEXT_OVERLAYFS_MOUNT_OPTIONS',
  mutableVariable: 'SYSTEMD_CONFEXT_MUTABLE_MODE',
  configFile: 'confext.conf',
  configSection: 'ConfExt',
  kernelSwitch: 'systemd.confext',
};

export const CLASSES = { sysext: SYSEXT, confext: CONFEXT } as const;

/** The name that the program is called by decides, as with the original. */
export function classOfProgram(name: string): ExtensionClass {
  return name.endsWith('confext') ? CONFEXT : SYSEXT;
}
