import { secondaryArchitecture } from '../../host/architecture.js';
import type { ElfFile } from './format/elf-file.js';

/** By width and byte order; a machine that has one of each has one name. */
type Names = Partial<Record<`${32 | 64}-${'little' | 'big'}`, string>>;

const all = (name: string): Names => ({
  '32-little': name,
  '32-big': name,
  '64-little': name,
  '64-big': name,
});

/** `e_machine` (elf(5), /usr/include/elf.h) to the identifiers of `ConditionArchitecture=` (systemd.unit(5)). */
const MACHINES: Readonly<Record<number, Names>> = {
  2: all('sparc'),
  3: all('x86'),
  4: all('m68k'),
  8: { '32-little': 'mips-le', '32-big': 'mips', '64-little': 'mips64-le', '64-big': 'mips64' },
  15: { '32-big': 'parisc', '64-big': 'parisc64' },
  18: all('sparc'),
  20: { '32-little': 'ppc-le', '32-big': 'ppc' },
  21: { '64-little': 'ppc64-le', '64-big': 'ppc64' },
  22: { '32-big': 's390', '64-big': 's390x' },
  40: { '32-little': 'arm', '32-big': 'arm-be' },
  42: all('sh'),
  43: all('sparc64'),
  50: all('ia64'),
  // With 32 bits too: x32, which runs on the same kernels.
  62: { '32-little': 'x86-64', '64-little': 'x86-64' },
  76: all('cris'),
  93: { '32-little': 'arc', '32-big': 'arc-be' },
  113: all('nios2'),
  183: { '32-little': 'arm64', '32-big': 'arm64-be', '64-little': 'arm64', '64-big': 'arm64-be' },
  191: all('tilegx'),
  195: { '32-little': 'arc', '32-big': 'arc-be' },
  243: { '32-little': 'riscv32', '64-little': 'riscv64' },
  258: { '64-little': 'loongarch64' },
  36902: all('alpha'),
};

/** Beside the pairs that systemd knows: whose programs these kernels run as well. */
const ALSO_RUNS: Readonly<Record<string, string>> = {
  mips64: 'mips',
  'mips64-le': 'mips-le',
  sparc64: 'sparc',
  parisc64: 'parisc',
};

/** What `ARCHITECTURE=` would be for this file; `machine 247` for one that no system runs on. */
export function architectureOf({ machine, width, order }: ElfFile): string {
  return MACHINES[machine]?.[`${width}-${order}`] ?? `machine ${machine}`;
}

/** Whether a kernel of this architecture runs programs of the other one. */
export function runs(kernel: string, program: string): boolean {
  return kernel === program || secondaryArchitecture(kernel) === program || ALSO_RUNS[kernel] === program;
}

/** Whether both can be in one process: ld.so passes over a library that is not like the program. */
export function isAlike(one: ElfFile, other: ElfFile): boolean {
  return one.machine === other.machine && one.width === other.width && one.order === other.order;
}
