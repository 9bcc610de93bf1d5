import type { ExtensionClass } from '../extension-class.js';
import { type Block, heading, item } from './document.js';

/** What a lock file says, and what it proves. */
export function lockFiles({ name }: ExtensionClass): Block[] {
  return [
    heading('Lock files'),
    `\`${name} lock\` writes down what is merged, as JSON by the schema \`docs/schema/lock-1.json\`; \`--locked=\` lets \`merge\` and \`refresh\` merge just that or nothing, and \`${name} verify\` compares what is merged with it. What is compared of the host is \`ID\`, \`VERSION_ID\` and the level of its os-release file, and its architecture. Where an extension lies does not matter, only its name, its version, its protection and its content. From a versioned directory the version is taken that the file names, even if there is a newer one. The content is told by a digest, one of these:`,
    item(
      '`verity:`*HASH*',
      'The root hash of an image with a hash tree, by which all that is read from it was or is checked.',
    ),
    item('`sha256:`*HASH*', 'The SHA-256 of an image file, or of a block device.'),
    item(
      '`tree-1:`*HASH*',
      'Of a directory: the SHA-256 of a record for each file in it, of the directory itself first, then of what is in it, in the order of the bytes of the names, where what is in a directory comes right behind it. A record is a line of fields, with a NUL behind each and a newline at the end: the path below the directory, empty for itself; `d`, `f`, `l`, `c`, `b`, `p` or `s` for a directory, a regular file, a symbolic link, a character or block device, a FIFO or a socket; the mode without the type, in octal digits; user and group, as decimal numbers; of a file its size and the SHA-256 of its content, of a link its target, of a device its number, *MAJOR*`:`*MINOR*. Times, extended attributes and hard links play no part.',
    ),
    'An image file is held open from before it is mounted until its digest is known, and refused if it was changed meanwhile; so what was read is what is merged. A directory can be changed later, and nobody notices before the next `verify`. A `refresh` without `--locked=` keeps to the names and their order, but not to the content.',
  ];
}
