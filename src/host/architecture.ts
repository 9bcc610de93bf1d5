import { endianness, machine } from 'node:os';

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
  crisv32: 'cris',
  nios2: 'nios2',
  riscv64: 'riscv64',
  riscv32: 'riscv32',
  // What old kernels say, for both widths; Node runs on the wide one only.
  riscv: 'riscv64',
  arc: 'arc',
  arceb: 'arc-be',
};

/** What the running Node was compiled for (`process.arch`), where that has another name. */
const COMPILED_FOR: Readonly<Record<string, string>> = {
  x64: 'x86-64',
  ia32: 'x86',
  arm: 'arm',
  arm64: endianness() === 'LE' ? 'arm64' : 'arm64-be',
  ppc64: endianness() === 'LE' ? 'ppc64-le' : 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loongarch64',
  mips: 'mips',
  mipsel: 'mips-le',
};

/** The architecture whose programs the kernel also runs: all pairs that systemd knows. */
const SECONDARY: Readonly<Record<string, string>> = {
  'x86-64': 'x86',
  arm64: 'arm',
  ppc64: 'ppc',
  'ppc64-le': 'ppc-le',
  s390x: 's390',
};

/**
 * Every identifier that can stand in `ARCHITECTURE=` or in the name of a versioned entry. uname(2) says `mips` for both
 * byte orders, so that no kernel is called by two of them.
 */
export const ARCHITECTURES: ReadonlySet<string> = new Set([
  ...Object.values(IDENTIFIERS),
  'mips-le',
  'mips64-le',
]);

/**
 * The kernel's architecture as `ConditionArchitecture=` names it; setarch(8) changes it. This is what `ARCHITECTURE=` is
 * compared with. Unknown ones as uname(2) says.
 */
export function hostArchitecture(): string {
  const name = machine();
  return IDENTIFIERS[name] ?? name;
}

/**
 * The architecture that this program was compiled for, whatever setarch(8) says. This is what entries of versioned
 * directories are picked by, as systemd does it.
 */
export function nativeArchitecture(): string {
  return COMPILED_FOR[process.arch] ?? hostArchitecture();
}

/** @returns the architecture beside this one that versioned entries may be for; `null` if there is none */
export function secondaryArchitecture(architecture: string): string | null {
  return SECONDARY[architecture] ?? null;
}
