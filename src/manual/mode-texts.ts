import type { MutableMode } from '../overlay/mutable-mode.js';
import type { Text } from './document.js';

/** What each mode of `--mutable=` does. */
export const MODE_TEXTS = {
  no: 'The merged hierarchy is read-only. This is the default.',
  yes: 'What is written goes to the write directory, and stays there when the hierarchy is unmerged. The write directory is made if it does not exist, with the mode of the hierarchy.',
  auto: 'As `yes` where the write directory exists, as `no` where it does not. So an administrator decides for each hierarchy by making the directory.',
  import:
    'The merged hierarchy is read-only, but files in the write directory are shown in it, above those of all extensions. Without a write directory this is the same as `no`.',
  ephemeral:
    'What is written goes to memory and is lost when the hierarchy is unmerged or refreshed anew. The write directory takes no part.',
  'ephemeral-import':
    'As `ephemeral`, and files in the write directory are shown as with `import`. They can be changed in the merged hierarchy, which does not change the write directory.',
} as const satisfies Readonly<Record<MutableMode, Text>>;
