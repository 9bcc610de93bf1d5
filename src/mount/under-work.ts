import { join } from 'node:path';
import { isFileSystemRoot } from '../host/device.js';
import { hasNote } from './lock-note.js';
import { keyOf, SYSTEM_DIRECTORY } from './state-directory.js';

/**
 * Whether a call is at work on a root, or was killed in the middle of it; which of both cannot be told without waiting.
 *
 * @returns `false` also where we may not look
 */
export function isUnderWork(root: string): boolean {
  try {
    const place = join(SYSTEM_DIRECTORY, keyOf(root));
    return isFileSystemRoot(place) || hasNote(`${place}.lock`);
  } catch {
    return false;
  }
}
