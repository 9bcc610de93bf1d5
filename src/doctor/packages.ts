import type { Program } from './finding.js';

/** How a family of distributions installs packages, and which ones have the programs, where the name is not the same. */
interface Distribution {
  readonly install: string;
  readonly packages: Readonly<Record<Program, string>>;
}

const USUAL: Readonly<Record<Program, string>> = {
  mount: 'util-linux',
  umount: 'util-linux',
  flock: 'util-linux',
  unshare: 'util-linux',
  losetup: 'util-linux',
  veritysetup: 'cryptsetup',
  cryptsetup: 'cryptsetup',
  getfattr: 'attr',
  chcon: 'coreutils',
};

const DEBIAN: Distribution = {
  install: 'apt-get install',
  packages: {
    ...USUAL,
    mount: 'mount',
    umount: 'mount',
    losetup: 'mount',
    veritysetup: 'cryptsetup-bin',
    cryptsetup: 'cryptsetup-bin',
  },
};
const FEDORA: Distribution = { install: 'dnf install', packages: { ...USUAL, veritysetup: 'veritysetup' } };
const SUSE: Distribution = { install: 'zypper install', packages: USUAL };

/** By ID or a word of ID_LIKE in os-release(5). */
const DISTRIBUTIONS: Readonly<Record<string, Distribution>> = {
  debian: DEBIAN,
  ubuntu: DEBIAN,
  fedora: FEDORA,
  rhel: FEDORA,
  centos: FEDORA,
  suse: SUSE,
  opensuse: SUSE,
  'opensuse-leap': SUSE,
  'opensuse-tumbleweed': SUSE,
  sles: SUSE,
  alpine: { install: 'apk add', packages: USUAL },
  arch: { install: 'pacman -S', packages: USUAL },
};

/**
 * The command line that installs a program.
 *
 * @param distributions ID and words of ID_LIKE, the nearest first
 * @returns `null` for a distribution that is not known
 */
export function installCommand(distributions: readonly string[], program: Program): string | null {
  const known = distributions.find((name) => Object.hasOwn(DISTRIBUTIONS, name));
  if (known === undefined) return null;
  const { install, packages } = DISTRIBUTIONS[known]!;
  return `${install} ${packages[program]}`;
}

/** What the package is called where the distribution is not known. */
export function usualPackage(program: Program): string {
  return USUAL[program];
}
