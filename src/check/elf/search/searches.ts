import type { ElfFile } from '../format/elf-file.js';
import { architectureOf } from '../machine.js';
import type { Place, Surroundings } from '../surroundings.js';
import { gnuSearch, type LibrarySearch, muslSearch } from './library-search.js';

/** Loaders of the GNU C library, for libraries that do not say which they want. */
const LOADERS: Readonly<Record<string, string>> = {
  'x86-64': '/lib64/ld-linux-x86-64.so.2',
  x86: '/lib/ld-linux.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
  arm: '/lib/ld-linux-armhf.so.3',
  riscv64: '/lib/ld-linux-riscv64-lp64d.so.1',
  s390x: '/lib/ld64.so.1',
  'ppc64-le': '/lib64/ld64.so.2',
  ppc64: '/lib64/ld64.so.1',
  loongarch64: '/lib64/ld-linux-loongarch-lp64d.so.1',
};

const MUSL = /\/ld-musl-[^/]+\.so\.1$/;

/** The rules by which the libraries of a program are searched: those of its loader, each loader asked once. */
export class Searches {
  private readonly known = new Map<string, LibrarySearch>();

  constructor(private readonly surroundings: Surroundings) {}

  of(elf: ElfFile): LibrarySearch {
    const path = elf.interpreter ?? this.loaderOf(elf) ?? '';
    const known = this.known.get(path);
    if (known !== undefined) return known;
    const search = MUSL.test(path)
      ? muslSearch(this.surroundings, path)
      : gnuSearch(this.surroundings, this.find(path));
    this.known.set(path, search);
    return search;
  }

  /** Whether a program wants a loader that is not there. */
  hasNoLoader({ interpreter }: ElfFile): boolean {
    if (interpreter === null) return false;
    // A relative one is looked for in the working directory.
    return !interpreter.startsWith('/') || this.surroundings.find(interpreter) === 'missing';
  }

  /** A library goes with any loader; the names of those it needs tell which it was linked for. */
  private loaderOf(elf: ElfFile): string | null {
    const architecture = architectureOf(elf);
    const needed = elf.dynamic?.needed ?? [];
    const musl = needed.map((name) => /^libc\.musl-([\w-]+)\.so\.1$/.exec(name)?.[1]).find(Boolean);
    if (musl !== undefined) return `/lib/ld-musl-${musl}.so.1`;
    return LOADERS[architecture] ?? null;
  }

  private find(path: string): Place | null {
    const look = path.startsWith('/') ? this.surroundings.find(path) : 'missing';
    return typeof look === 'string' ? null : look.place;
  }
}
