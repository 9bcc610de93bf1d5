import { closeSync, constants, fsyncSync, lstatSync, openSync, readdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Gives a file or directory that is complete its name: whoever looks finds what was there before or the new one, and after a
 * crash of the machine it is one of both as well. A file that has the name is replaced; a directory only if it is empty.
 *
 * @param temporary on the same file system; all of it is written to the disk first
 * @throws the errors of fsync(2) and rename(2)
 */
export function putInPlace(temporary: string, path: string): void {
  syncTree(temporary);
  renameSync(temporary, path);
  syncDirectory(dirname(path));
  if (dirname(temporary) !== dirname(path)) syncDirectory(dirname(temporary));
}

/** Writes a file, or all regular files and directories of a tree, to the disk. Symlinks are not followed. */
export function syncTree(path: string): void {
  // Names in a tree need not be UTF-8.
  const ahead = [Buffer.from(path)];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const here = next;
    const status = lstatSync(here);
    if (!status.isDirectory() && !status.isFile()) continue;
    sync(here);
    if (!status.isDirectory()) continue;
    for (const name of readdirSync(here, { encoding: 'buffer' }))
      ahead.push(Buffer.concat([here, Buffer.from('/'), name]));
  }
}

/** The names in a directory reach the disk. */
export function syncDirectory(path: string): void {
  sync(path);
}

function sync(path: string | Buffer): void {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
