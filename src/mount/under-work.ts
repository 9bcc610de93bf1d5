import { join } from 'node:path';
import { isFileSystemRoot } from '../host/device.js';
import { keyOf, SYSTEM_DIRECTORY } from './state-directory.js';

/**
 * Whether a call is at work on a root, or was killed in the middle of it; which of both cannot be told without waiting.
 *
 * @returns `false` also where we may not look
 */
export function isUnderWork(root: string): boolean {
  try {
    return isFileSystemRoot(join(SYSTEM_DIRECTORY, keyOf(root)));
  } catch {
    return false;
  }
}
