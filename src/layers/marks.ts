import { release } from 'node:os';
import type { Bytes } from '../host/bytes.js';
import { CommandFailedError, CommandMissingError, runCommand } from '../host/process.js';
import { isAtLeast } from '../host/version.js';

/** The extended attributes by which overlayfs knows more of a file than the file says (kernel: filesystems/overlayfs). */
export interface Marks {
  /** Directories that hide those of the same name below them. */
  readonly opaque: ReadonlySet<Bytes>;
  /** Empty files that mean "not there". */
  readonly whiteouts: ReadonlySet<Bytes>;
  /** Directories that go on with another directory in the layers below. */
  readonly redirects: ReadonlyMap<Bytes, Bytes>;
  /** Whether they could be read at all. */
  readonly known: boolean;
}

export const NO_MARKS: Marks = {
  opaque: new Set(),
  whiteouts: new Set(),
  redirects: new Map(),
  known: true,
};
const UNKNOWN_MARKS: Marks = { ...NO_MARKS, known: false };

/** Which of the two sets of attributes a mount goes by: `user` with the mount option `userxattr`. */
export type MarkSpace = 'trusted' | 'user';

/**
 * Reads the marks of a whole tree with one getfattr(1).
 *
 * @param root path on the machine
 */
export function readMarks(root: Bytes, space: MarkSpace): Marks {
  const prefix = `${space}.overlay.`;
  const options = ['--recursive', '--physical', '--no-dereference', '--encoding=hex', '--dump'];
  const match = `--match=^${space}\\.overlay\\.(opaque|whiteout|redirect)$`;
  const cwd = Buffer.from(root, 'latin1').toString('utf8');
  try {
    const result = runCommand(['getfattr', ...options, match, '--', '.'], { cwd, encoding: 'latin1' });
    // 1: of some files they cannot be read; those of pipes and the like are of no interest.
    if (result.status !== 0 && result.status !== 1) throw new CommandFailedError(result);
    const marks = parseMarks(result.stdout, prefix);
    return knowsEmptyWhiteouts(release()) ? marks : { ...marks, whiteouts: NO_MARKS.whiteouts };
  } catch (error) {
    if (error instanceof CommandMissingError || error instanceof CommandFailedError) return UNKNOWN_MARKS;
    throw error;
  }
}

/** Whether an empty file can be a whiteout for this kernel: since Linux 6.7. */
export function knowsEmptyWhiteouts(version: string): boolean {
  return isAtLeast(version, '6.7.0');
}

/** @param text blocks of `# file: PATH` in bytes, and `ATTRIBUTE=0xHEX`, or only `ATTRIBUTE` for an empty value */
export function parseMarks(text: string, prefix: string): Marks {
  const opaque = new Set<Bytes>();
  const whiteouts = new Set<Bytes>();
  const redirects = new Map<Bytes, Bytes>();
  let file: Bytes = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('# file: ')) file = unescapePath(line.slice('# file: '.length));
    else if (line.startsWith(prefix)) {
      const [name = '', digits = ''] = line.slice(prefix.length).split('=0x', 2);
      const value = Buffer.from(digits, 'hex').toString('latin1');
      if (name === 'opaque' && value.startsWith('y')) opaque.add(file);
      else if (name === 'whiteout') whiteouts.add(file);
      else if (name === 'redirect') redirects.set(file, value);
    }
  }
  return { opaque, whiteouts, redirects, known: true };
}

/** `./a/b` as `a/b`; getfattr(1) writes a line break and `\` as three octal digits. */
function unescapePath(path: string): Bytes {
  const plain = path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return plain === '.' ? '' : plain.replace(/^\.\//, '');
}
