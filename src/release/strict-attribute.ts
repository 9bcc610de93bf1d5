import { CommandMissingError, runCommand } from '../host/process.js';

const ATTRIBUTE = 'user.extension-release.strict';

/** What systemd takes for *false*, in any case (systemd.syntax(7)). */
const FALSE_WORDS = new Set(['0', 'no', 'n', 'false', 'f', 'off']);

/** Files a call, so that the arguments stay well below the kernel's limit even with the longest names. */
const BATCH = 1000;

export interface StrictAttributes {
  /** Those of the files that may be taken under any image name: the attribute is set, and false. */
  notStrict: string[];
  /** getfattr(1) is not installed, so the attribute counts as unset everywhere. */
  getfattrMissing: boolean;
}

/**
 * Asks getfattr(1), for extended attributes cannot be reached through Node, which of these files may be used for an
 * image of another name (systemd-sysext(8), `user.extension-release.strict`). Whatever goes wrong counts as
 * *strict*: then the image is ignored, and nothing unintended is merged.
 *
 * @param files names in the directory; symlinks are not followed
 * @throws the error of execve(2), if the program is installed but cannot be started
 */
export function readStrictAttributes(directory: string, files: readonly string[]): StrictAttributes {
  const notStrict: string[] = [];
  for (let start = 0; start < files.length; start += BATCH) {
    const batch = files.slice(start, start + BATCH);
    const options = ['--no-dereference', '--encoding=hex', `--name=${ATTRIBUTE}`];
    const output = tryToRun(['getfattr', ...options, '--', ...batch], directory);
    if (output === null) return { notStrict: [], getfattrMissing: true };
    const values = parseAttributes(output);
    notStrict.push(...batch.filter((file) => isFalse(values.get(file))));
  }
  return { notStrict, getfattrMissing: false };
}

function tryToRun(command: readonly string[], cwd: string): string | null {
  try {
    return runCommand(command, { cwd }).stdout;
  } catch (error) {
    if (error instanceof CommandMissingError) return null;
    throw error;
  }
}

/** Blocks of `# file: NAME` and `ATTRIBUTE=0xHEX`; files without the attribute are left out. */
function parseAttributes(output: string): Map<string, Buffer> {
  const values = new Map<string, Buffer>();
  let file = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('# file: ')) file = unescapeName(line.slice('# file: '.length));
    else if (line.startsWith(`${ATTRIBUTE}=0x`))
      values.set(file, Buffer.from(line.slice(ATTRIBUTE.length + '=0x'.length), 'hex'));
  }
  return values;
}

/** getfattr(1) writes `=` and `\` in names as `\075` and `\134`. */
function unescapeName(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Some tools store the NUL byte that ends a C string; systemd does not mind, and neither do we. */
function isFalse(value: Buffer | undefined): boolean {
  return value !== undefined && FALSE_WORDS.has(value.toString('latin1').replace(/\0$/, '').toLowerCase());
}
