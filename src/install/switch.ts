import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from '../host/put-in-place.js';
import { errorCode } from '../host/root.js';
import { OFF_DIRECTORIES } from '../images/switched-off.js';
import { refuse } from './problem.js';
import { stageName } from './stage.js';

/** What {@link switchOff} can make. */
export type Switch = keyof typeof OFF_DIRECTORIES;

/**
 * Switches a name off: makes a symlink to an empty directory, which both programs take for an extension without release file.
 * A symlink to `/dev/null`, which the manual page asks for, systemd 262 passes over. A link that is there is replaced.
 *
 * @param directory a search directory; made if it is missing
 * @throws the errors of mkdir(2), symlink(2) and rename(2); InstallError if a file or directory has that name
 */
export function switchOff(directory: string, name: string, how: Switch): void {
  const link = join(directory, name);
  // rename(2) would replace a file.
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === false)
    refuse({ kind: 'in-the-way', path: link });
  mkdirSync(join(directory, OFF_DIRECTORIES[how]), { recursive: true, mode: 0o755 });
  const temporary = join(directory, stageName());
  symlinkSync(OFF_DIRECTORIES[how], temporary);
  try {
    renameSync(temporary, link);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
  syncDirectory(directory);
  removeUnused(directory);
}

/** Takes away what switches a name off: a symlink, or an empty directory. @throws the errors of unlink(2) and rmdir(2) */
export function switchOn(entry: string): void {
  if (lstatSync(entry).isDirectory()) rmdirSync(entry);
  else unlinkSync(entry);
  syncDirectory(dirname(entry));
  removeUnused(dirname(entry));
}

/** The directories go with the last link to them. */
function removeUnused(directory: string): void {
  const targets = new Set(
    readdirSync(directory).flatMap((name) => {
      try {
        return basename(readlinkSync(join(directory, name)));
      } catch {
        return [];
      }
    }),
  );
  for (const name of Object.values(OFF_DIRECTORIES)) {
    if (targets.has(name)) continue;
    try {
      rmdirSync(join(directory, name));
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }
}
