import { readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FileTooLargeError, NotRegularFileError, readTextFile } from '../host/files.js';
import { errorCode, findBelow, isMissing } from '../host/root.js';

/** Where configuration is, below a root, in the order of its weight (systemd.syntax(7)). */
export const CONFIGURATION_PLACES = ['/etc', '/run', '/usr/local/lib', '/usr/lib'];

/** The same for the files of systemd's programs (sysext.conf(5)). */
const DIRECTORIES = CONFIGURATION_PLACES.map((place) => `${place}/systemd`);

/** A file, or directory of files, that is there and cannot be used. */
export interface FileProblem {
  /** With the root. */
  readonly file: string;
  readonly kind: /** A symlink to nothing. */
    | 'dangling'
    /** A directory, FIFO, socket or device. */
    | 'no-regular-file'
    | 'too-large'
    /** The operating system's error is in `text`. */
    | 'unreadable';
  /** The name of an errno; else empty. */
  readonly text: string;
}

export interface ConfigurationFile {
  /** As it is known, with the root, also if that is a symlink. */
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the configuration files of a name, in ascending order of their weight: the main file from the first directory
 * that has it, then the drop-ins, from all directories in the order of their file names. A drop-in hides those of the
 * same name in directories that come later, whatever it is; a symlink to `/dev/null` is a way to do just that, and
 * for the main file as well. Symlinks never lead out of the root. Never throws.
 *
 * @param root absolute path, free of symlinks
 * @param name of the main file: `sysext.conf`
 * @param directories that it can be in
 */
export function* readConfigurationFiles(
  root: string,
  name: string,
  directories: readonly string[] = DIRECTORIES,
): Generator<ConfigurationFile | FileProblem> {
  for (const directory of directories) {
    const found = readFile(root, join(directory, name));
    if (found === 'missing') continue;
    if (found !== 'masked') yield found;
    // Behind a symlink to nothing the search goes on, as if it were not there.
    if (found === 'masked' || !('kind' in found) || found.kind !== 'dangling') break;
  }
  const { paths, problems } = listConfigurationFiles(root, directories, `${name}.d`, '.conf');
  yield* problems;
  for (const path of paths) {
    const found = readFile(root, path);
    if (found !== 'missing' && found !== 'masked') yield found;
  }
}

type Found = ConfigurationFile | FileProblem | 'missing' | 'masked';

function readFile(root: string, path: string): Found {
  const file = join(root, path);
  try {
    const target = linkTarget(root, path);
    // By its target's name: the root of another machine has no device nodes.
    if (target === '/dev/null') return 'masked';
    const resolved = findBelow(root, path);
    if (resolved === null) return target === null ? 'missing' : { file, kind: 'dangling', text: '' };
    return { file, text: readTextFile(resolved) };
  } catch (error) {
    // Gone since we looked.
    return isMissing(error) ? 'missing' : { file, ...describeFailure(error) };
  }
}

/** `null` for what is no symlink, or is not there. */
function linkTarget(root: string, path: string): string | null {
  const directory = findBelow(root, dirname(path));
  if (directory === null) return null;
  try {
    return readlinkSync(join(directory, basename(path)));
  } catch (error) {
    if (errorCode(error) === 'EINVAL' || isMissing(error)) return null;
    throw error;
  }
}

function describeFailure(error: unknown): Pick<FileProblem, 'kind' | 'text'> {
  if (error instanceof NotRegularFileError) return { kind: 'no-regular-file', text: '' };
  if (error instanceof FileTooLargeError) return { kind: 'too-large', text: '' };
  const code = errorCode(error);
  if (code === undefined) throw error;
  return { kind: 'unreadable', text: code };
}

/**
 * The files that count in directories of one name, by their file names in the order of bytes, and the directories that cannot
 * be read.
 *
 * @param directories that those directories can be in, in the order of their weight
 */
export function listConfigurationFiles(
  root: string,
  directories: readonly string[],
  name: string,
  suffix: string,
): { paths: string[]; problems: FileProblem[] } {
  const paths = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const directory of directories) {
    const path = join(directory, name);
    try {
      const resolved = findBelow(root, path);
      for (const file of resolved === null ? [] : readdirSync(resolved)) {
        // Hidden files are left over from editors and package managers.
        if (file.endsWith(suffix) && !file.startsWith('.') && !paths.has(file))
          paths.set(file, join(path, file));
      }
    } catch (error) {
      problems.push({ file: join(root, path), ...describeFailure(error) });
    }
  }
  const sorted = [...paths].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return { paths: sorted.map(([, path]) => path), problems };
}
