import { dirname, posix } from 'node:path';
import type { ElfFile } from '../format/elf-file.js';
import { architectureOf } from '../machine.js';

/** What the tokens of a search path stand for (ld.so(8), "Dynamic string tokens"). */
export interface Tokens {
  /** The path that led to the file that the search path is in. */
  readonly seenAt: string;
  /** `lib`, `lib64`, `lib/x86_64-linux-gnu`. */
  readonly lib: string;
  readonly elf: ElfFile;
}

/** `AT_PLATFORM` (getauxval(3)) where it is always the same. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'x86-64': 'x86_64',
  x86: 'i686',
  arm64: 'aarch64',
  s390x: 'z10',
};

/** No honest path has as many directories; ones with a few dozen are known. */
export const MOST_DIRECTORIES = 512;

/** A directory of `DT_RPATH` or `DT_RUNPATH`. */
export interface SearchDirectory {
  /** As it stands there. */
  readonly text: string;
  /** Where that is; `null` for one that depends on the working directory, or on a token whose value is not known. */
  readonly path: string | null;
  readonly isRelative: boolean;
}

/** Takes a search path apart. An empty part is the working directory, as in ld.so. */
export function searchDirectories(searchPath: string, tokens: Tokens): SearchDirectory[] {
  return searchPath.split(':', MOST_DIRECTORIES).map((text) => {
    const expanded = expandTokens(text, tokens);
    if (expanded === null) return { text, path: null, isRelative: false };
    if (!expanded.startsWith('/')) return { text, path: null, isRelative: true };
    // Not shortened at `..`, which means another directory behind a symlink.
    return { text, path: expanded.replace(/(.)\/+$/, '$1'), isRelative: false };
  });
}

/** @returns `null` if a token has a value that is not known here */
export function expandTokens(text: string, { seenAt, lib, elf }: Tokens): string | null {
  let isKnown = true;
  const expanded = text.replace(
    /\$(?:\{(ORIGIN|LIB|PLATFORM)\}|(ORIGIN|LIB|PLATFORM)\b)/g,
    (_, braced, bare) => {
      const token: string = braced ?? bare;
      if (token === 'ORIGIN') return dirname(seenAt);
      if (token === 'LIB') return lib;
      const platform = PLATFORMS[architectureOf(elf)];
      isKnown &&= platform !== undefined;
      return platform ?? '';
    },
  );
  return isKnown ? expanded : null;
}

/** The value of `$LIB`: the name of the system's directory of libraries below `/usr`. */
export function libToken(systemDirectories: readonly string[]): string {
  const first = systemDirectories[0] ?? '/lib';
  return posix.relative('/', first.replace(/^\/usr\//, '/'));
}
