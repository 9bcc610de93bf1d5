/** The kernel looks for the end of the line in so many bytes (`BINPRM_BUF_SIZE`). */
export const SCRIPT_START = 256;

/** What starts a script (execve(2), "Interpreter scripts"). */
export interface Shebang {
  readonly interpreter: string;
  /** All that follows it in the line, which is handed on as one word. */
  readonly argument: string | null;
  /** The path of the interpreter goes on behind what the kernel reads. */
  readonly isCut: boolean;
}

/**
 * Reads the first line as the kernel does.
 *
 * @param start at most {@link SCRIPT_START} bytes
 * @returns `null` if it does not begin with `#!` and a path
 */
export function parseShebang(start: Buffer): Shebang | null {
  if (start[0] !== 0x23 || start[1] !== 0x21) return null;
  const text = start.toString('utf8', 2, SCRIPT_START - 1);
  const end = text.indexOf('\n');
  const line = (end === -1 ? text : text.slice(0, end)).replace(/\0.*$/s, '').replace(/^[ \t]+|[ \t]+$/g, '');
  const [, interpreter = '', argument = ''] = /^([^ \t]*)[ \t]*(.*)$/s.exec(line) ?? [];
  if (interpreter === '') return null;
  const isCut = end === -1 && argument === '' && start.length >= SCRIPT_START;
  return { interpreter, argument: argument === '' ? null : argument, isCut };
}

/** The program that env(1) looks for in `PATH`. */
export type Wanted =
  | { readonly kind: 'program'; readonly name: string }
  /** More than one word, without `-S`: env takes all of them for the name. */
  | { readonly kind: 'not-split'; readonly name: string }
  /** None is named, or it cannot be told. */
  | { readonly kind: 'none' };

/** What a script wants that is started by `#!/usr/bin/env`. */
export function wantedOfEnv(argument: string | null): Wanted {
  if (argument === null) return { kind: 'none' };
  const split = /^(?:-[iv0]*S[ \t]*|--split-string[= \t])(.*)$/s.exec(argument)?.[1];
  if (split === undefined) {
    if (argument.startsWith('-') || argument.includes('=')) return { kind: 'none' };
    return { kind: /[ \t]/.test(argument) ? 'not-split' : 'program', name: argument };
  }
  const words = split.split(/[ \t]+/).filter((word) => word !== '');
  const first = words.find((word) => !/^[A-Za-z_]\w*=/.test(word) && word !== '-i');
  // Other options, quotes and variables are for env to understand.
  return first === undefined || /^-|["'\\$]/.test(first)
    ? { kind: 'none' }
    : { kind: 'program', name: first };
}
