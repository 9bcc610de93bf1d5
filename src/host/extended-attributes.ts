import { CommandMissingError, runCommand } from './process.js';

/** Files a call, so that the arguments stay well below the kernel's limit even with the longest names. */
const BATCH = 1000;

/**
 * Asks getfattr(1), for extended attributes cannot be reached through Node.
 *
 * @param directory where the files are
 * @param files names in the directory; symlinks are not followed
 * @param attribute full name, without characters that have a meaning in shell patterns
 * @returns the values by file name, those that are set; `null` if getfattr(1) is not installed. What cannot be read
 *   counts as not set.
 * @throws the error of execve(2), if the program is installed but cannot be started
 */
export function readAttribute(
  directory: string,
  files: readonly string[],
  attribute: string,
): Map<string, Buffer> | null {
  const values = new Map<string, Buffer>();
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    const options = ['--no-dereference', '--encoding=hex', `--name=${attribute}`];
    const output = tryToRun(['getfattr', ...options, '--', ...batch], directory);
    if (output === null) return null;
    for (const [file, value] of parseAttributes(output, attribute)) values.set(file, value);
  }
  return values;
}

function tryToRun(command: readonly string[], cwd: string): string | null {
  try {
    return runCommand(command, { cwd }).stdout;
  } catch (error) {
    if (error instanceof CommandMissingError) return null;
    throw error;
  }
}

/** Blocks of `# file: NAME` and `ATTRIBUTE=0xHEX`, or only `ATTRIBUTE` if the value is empty. */
function* parseAttributes(output: string, attribute: string): Generator<[file: string, value: Buffer]> {
  let file = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('# file: ')) file = unescapeName(line.slice('# file: '.length));
    else if (line.startsWith(`${attribute}=0x`))
      yield [file, Buffer.from(line.slice(attribute.length + '=0x'.length), 'hex')];
    else if (line === attribute) yield [file, Buffer.alloc(0)];
  }
}

/** getfattr(1) writes `=` and `\` in names as `\075` and `\134`. */
function unescapeName(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
