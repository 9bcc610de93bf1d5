/** What the dynamic loader is told by a program or library (elf(5), ld.so(8)). Strings are those of the file: unchecked. */
export interface ElfFile {
  /** Width of an address in bits. */
  readonly width: 32 | 64;
  readonly order: 'little' | 'big';
  /** `e_machine`, and the flags that tell some machines apart. */
  readonly machine: number;
  readonly flags: number;
  readonly type: 'executable' | 'shared';
  /** The program that the kernel starts to load this one (`PT_INTERP`). */
  readonly interpreter: string | null;
  /** `null` for a program that needs no loader. */
  readonly dynamic: Dynamic | null;
}

/** The entries of the dynamic section that say which libraries are loaded, and from where. */
export interface Dynamic {
  /** In the order of the file. */
  readonly needed: readonly string[];
  readonly soname: string | null;
  /** As in the file: colon-separated, with `$ORIGIN` and its like. */
  readonly rpath: string | null;
  readonly runpath: string | null;
  /** `DF_1_NODEFLIB`: the default directories are not searched. */
  readonly noDefaultDirectories: boolean;
  /** `DF_1_PIE`: a program, though its type is that of a library. */
  readonly isProgram: boolean;
  readonly versionsNeeded: readonly NeededVersions[];
  /** Names of the symbol versions that it has; `null` if it has no versions. */
  readonly versionsDefined: readonly string[] | null;
}

/** The symbol versions that are needed of one library. */
export interface NeededVersions {
  readonly library: string;
  readonly versions: readonly NeededVersion[];
}

export interface NeededVersion {
  readonly name: string;
  /** `VER_FLG_WEAK`: the program is loaded without it as well. */
  readonly weak: boolean;
}

/** The parts of a file that can be wrong. */
export type ElfPart =
  | 'header'
  | 'program-headers'
  | 'interpreter'
  | 'dynamic-section'
  | 'string-table'
  | 'needed-versions'
  | 'defined-versions';

/** A file begins as an ELF file does, but is not one that can be loaded. */
export class ElfError extends Error {
  /**
   * @param problem `cut-short`: it lies behind the end of the file; `too-large`: no honest file has that much of it;
   *   `invalid`: it says what the format does not allow
   */
  constructor(
    readonly part: ElfPart,
    readonly problem: 'cut-short' | 'too-large' | 'invalid',
  ) {
    super(`ELF ${part}: ${problem}`);
  }
}
