import { FileTooLargeError, NotRegularFileError, readSmallFile } from '../../host/files.js';
import { errorCode, findBelow, isMissing } from '../../host/root.js';

/** A file that is there and cannot be used. */
export interface FileProblem {
  readonly kind: 'unusable-file';
  /** With the root. */
  readonly file: string;
  readonly problem: /** A directory, FIFO, socket or device. */
    | 'no-regular-file'
    /** Larger than `limit` bytes. */
    | 'too-large'
    | 'empty'
    /** The name of an errno is in `code`. */
    | 'unreadable';
  readonly limit: number;
  readonly code: string;
}

export interface SmallFile {
  readonly kind: 'file';
  /** With the root; symlinks resolved. */
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * Reads a file that may be hostile: symlinks stay below the root, a FIFO does not block, and no more than `limit` bytes
 * are read.
 *
 * @param root absolute path, free of symlinks
 * @param path below the root
 * @param limit in bytes
 * @returns `null` if it is not there, also where a symlink leads to nothing
 */
export function readFileBelow(root: string, path: string, limit: number): SmallFile | FileProblem | null {
  let file: string | null = null;
  const bad = (problem: FileProblem['problem'], code = ''): FileProblem => ({
    kind: 'unusable-file',
    file: file ?? path,
    problem,
    limit,
    code,
  });
  try {
    file = findBelow(root, path);
    return file === null ? null : { kind: 'file', file, bytes: readSmallFile(file, limit) };
  } catch (error) {
    if (error instanceof NotRegularFileError) return bad('no-regular-file');
    if (error instanceof FileTooLargeError) return bad('too-large');
    const code = errorCode(error);
    if (code === undefined) throw error;
    // open(2) of a socket
    if (code === 'ENXIO') return bad('no-regular-file');
    return isMissing(error) ? null : bad('unreadable', code);
  }
}
