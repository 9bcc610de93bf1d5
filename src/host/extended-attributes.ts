import { CommandFailedError, CommandMissingError, runCommand } from './process.js';

/** Files a call, so that the arguments stay well below the kernel's limit even with the longest names. */
const BATCH = 1000;

/** Values by file name, then by the attribute's name: those that are set. */
export type ExtendedAttributes = ReadonlyMap<string, ReadonlyMap<string, Buffer>>;

/**
 * Asks getfattr(1), for extended attributes cannot be reached through Node: one process for many files.
 *
 * @param directory where the files are
 * @param files names in the directory; symlinks are not followed
 * @param attributes full names, of letters, dots and dashes
 * @returns `null` if getfattr(1) is not installed. What cannot be read counts as not set.
 * @throws CommandFailedError if the program does not work, which says nothing of the attributes; the error of execve(2), if
 *   it is installed but cannot be started
 */
export function readAttributes(
  directory: string,
  files: readonly string[],
  attributes: readonly string[],
): ExtendedAttributes | null {
  const values = new Map<string, Map<string, Buffer>>();
  const pattern = `^(${attributes.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    const options = ['--no-dereference', '--encoding=hex', '--dump', `--match=${pattern}`];
    const output = tryToRun(['getfattr', ...options, '--', ...batch], directory);
    if (output === null) return null;
    for (const [file, name, value] of parseAttributes(output)) {
      const ofFile = values.get(file) ?? new Map<string, Buffer>();
      values.set(file, ofFile.set(name, value));
    }
  }
  return values;
}

function tryToRun(command: readonly string[], cwd: string): string | null {
  try {
    const result = runCommand(command, { cwd });
    // 1: at least one of the files cannot be read.
    if (result.status !== 0 && result.status !== 1) throw new CommandFailedError(result);
    return result.stdout;
  } catch (error) {
    if (error instanceof CommandMissingError) return null;
    throw error;
  }
}

/** Blocks of `# file: NAME` and `ATTRIBUTE=0xHEX`, or only `ATTRIBUTE` if the value is empty. */
function* parseAttributes(output: string): Generator<[file: string, name: string, value: Buffer]> {
  let file = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('# file: ')) file = unescapeName(line.slice('# file: '.length));
    else if (line !== '') {
      const [name = '', digits = ''] = line.split('=0x', 2);
      yield [file, name, Buffer.from(digits, 'hex')];
    }
  }
}

/** getfattr(1) writes `=` and `\` in names as `\075` and `\134`. */
function unescapeName(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
