import { machine } from 'node:os';

/**
 * uname(2) machine names to the identifiers of `ConditionArchitecture=` (systemd.unit(5)), for all architectures
 * that systemd knows by those names.
 */
const IDENTIFIERS: Readonly<Record<string, string>> = {
  x86_64: 'x86-64',
  i686: 'x86',
  i586: 'x86',
  i486: 'x86',
  i386: 'x86',
  ia64: 'ia64',
  parisc64: 'parisc64',
  parisc: 'parisc',
  s390x: 's390x',
  s390: 's390',
  sparc64: 'sparc64',
  sparc: 'sparc',
  mips64: 'mips64',
  mips: 'mips',
  alpha: 'alpha',
  ppc64le: 'ppc64-le',
  ppc64: 'ppc64',
  ppcle: 'ppc-le',
  ppc: 'ppc',
  aarch64: 'arm64',
  aarch64_be: 'arm64-be',
  armv8b: 'arm-be',
  armv8l: 'arm',
  armv7ml: 'arm',
  armv7mb: 'arm-be',
  armv7l: 'arm',
  armv7b: 'arm-be',
  armv6l: 'arm',
  armv6b: 'arm-be',
  armv5tl: 'arm',
  armv5tel: 'arm',
  armv5tejl: 'arm',
  armv5tejb: 'arm-be',
  armv5teb: 'arm-be',
  armv5tb: 'arm-be',
  armv4tl: 'arm',
  armv4tb: 'arm-be',
  armv4l: 'arm',
  armv4b: 'arm-be',
  sh64: 'sh64',
  sh2: 'sh',
  sh2a: 'sh',
  sh3: 'sh',
  sh4: 'sh',
  sh4a: 'sh',
  sh5: 'sh64',
  loongarch64: 'loongarch64',
  m68k: 'm68k',
  tilegx: 'tilegx',
  cris: 'cris',
  nios2: 'nios2',
  riscv64: 'riscv64',
  riscv32: 'riscv32',
  arc: 'arc',
  arceb: 'arc-be',
};

/** The architecture whose programs the kernel also runs (`foo_1_x86.raw` is usable on x86-64), best known pairs. */
const SECONDARY: Readonly<Record<string, string>> = {
  'x86-64': 'x86',
  arm64: 'arm',
  'arm64-be': 'arm-be',
  ppc64: 'ppc',
  'ppc64-le': 'ppc-le',
  s390x: 's390',
  sparc64: 'sparc',
  mips64: 'mips',
  parisc64: 'parisc',
  riscv64: 'riscv32',
};

/** Every identifier that can stand in `ARCHITECTURE=` or in the name of a versioned entry. */
export const ARCHITECTURES: ReadonlySet<string> = new Set(Object.values(IDENTIFIERS));

/** The kernel's architecture as `ConditionArchitecture=` names it; setarch(8) changes it. Unknown ones as uname(2) says. */
export function hostArchitecture(): string {
  const name = machine();
  return IDENTIFIERS[name] ?? name;
}

export function secondaryArchitecture(architecture: string): string | null {
  return SECONDARY[architecture] ?? null;
}
