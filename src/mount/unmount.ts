import type { ExtensionClass } from '../extension-class.js';
import { type Hierarchy, readMerge } from '../overlay/metadata.js';
import { commands, mount } from './mount-command.js';

/** Merges of one hierarchy can be stacked by other programs, but hardly more than this many. */
const MAX_STACKED = 100;

/**
 * Unmounts what is merged into a hierarchy, until what is on top is no merge of this class.
 *
 * @throws MountFailedError, CommandMissingError
 */
export function unmountMerges({ path }: Hierarchy, extensionClass: ExtensionClass, lock: number): void {
  for (let count = 0; count < MAX_STACKED && readMerge(path, extensionClass) !== null; count++) {
    mount(`unmount '${path}'`, commands.detach(path), { lock });
  }
}
