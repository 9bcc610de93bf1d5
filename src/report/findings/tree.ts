import type { TREE_CODES } from '../../check/codes.js';
import { printable, quoted } from '../printable.js';
import type { Wording } from './wording.js';

const TYPES: Readonly<Record<string, string>> = {
  directory: 'a directory',
  file: 'a file',
  symlink: 'a symbolic link',
  character: 'a character device',
  block: 'a block device',
  fifo: 'a FIFO',
  socket: 'a socket',
};

const files = (count = '') => (count === '1' ? '1 file' : `${count} files`);
const listed = (paths = '') => paths.split(' ').map(printable).join(' and ');

export const TREE_WORDS: Readonly<Record<keyof typeof TREE_CODES, Wording>> = {
  'outside-hierarchies': {
    title: 'Files outside of what is merged have no effect',
    explanation:
      'Only the hierarchies of an extension are merged: /usr and /opt of a system extension, /etc of a configuration extension. Whatever else is in the image stays invisible; it may still tell others what they should not know, such as keys and passwords of the machine it was built on.',
    message: ({ count = '', hierarchies = '' }) =>
      `what is merged is below ${listed(hierarchies)}, and ${files(count)} here ${count === '1' ? 'is' : 'are'} not`,
    remedy: (_, path) =>
      path === '/etc'
        ? 'leave it out; put defaults below /usr, files to be copied into /usr/lib/tmpfiles.d, or configuration into a confext image'
        : path === '/var' || path.startsWith('/run')
          ? 'leave it out; let a file in /usr/lib/tmpfiles.d create what is needed there'
          : 'leave it out of the image, or move it below a hierarchy',
  },
  'hierarchy-not-directory': {
    title: 'What is merged is not a directory',
    explanation:
      'A hierarchy of an extension has to be a directory: a file there fails the whole merge, and a link is understood differently by different programs.',
    message: ({ type = '', target = '' }) =>
      `it is ${TYPES[type]}${target === '' ? '' : ` to ${quoted(target)}`}`,
    remedy: () => 'make it a directory',
  },
  'nothing-to-merge': {
    title: 'There is nothing to merge',
    explanation:
      'Beside its release file the image has no file below a hierarchy, so merging it changes nothing. Mostly the files were forgotten, or are one directory too deep.',
    message: ({ hierarchies = '' }) => `there is no file below ${listed(hierarchies)}`,
    remedy: () => 'put the files below these directories, at the top of the image',
  },
  'unreadable-entry': {
    title: 'A part of the image cannot be looked at',
    explanation:
      'A path that is too long for the system, or a file system that is damaged: what is below cannot be checked, and hardly be used.',
    message: ({ code = '' }) => `the system says ${code}`,
    remedy: () => 'build the image anew without it',
  },
  'too-many-entries': {
    title: 'There is more in the image than is checked',
    explanation:
      'So that a hostile image cannot use up all memory or time, there are limits to what is checked. What lies beyond them was not looked at.',
    message: ({ what = '', limit = '' }) =>
      what === 'links'
        ? 'its symbolic links need more look-ups than are made; not all of them were followed'
        : `only the first ${limit} entries were checked`,
    remedy: () => 'split the image',
  },
  'name-not-utf8': {
    title: 'A name is not valid UTF-8',
    explanation:
      'Names are only bytes to the kernel, but most programs take them for text. What units or scripts name cannot be found under such a name.',
    message: () => 'its name is not valid UTF-8',
    remedy: () => 'rename it',
  },
  'wrong-owner': {
    title: 'Files do not belong to root',
    explanation:
      'What is merged belongs to whom the image says, by number. Whoever has that number on a machine can change mode and content where it is writable, and programs such as sudo and polkit refuse files that are not those of root.',
    message: ({ owner = '', count = '', all = '', built = '' }) =>
      built === 'yes'
        ? `everything in this directory belongs to ${owner}, probably because that is who built it`
        : `${count} of ${all} entries belong${count === '1' ? 's' : ''} to ${owner} (user:group), this one first`,
    remedy: ({ built = '' }) =>
      built === 'yes'
        ? "make the image with all files owned by root: 'mksquashfs -all-root', 'mkfs.erofs --all-root'"
        : "build the image with all files owned by root ('mksquashfs -all-root', 'mkfs.erofs --all-root'), or chown them",
  },
  'writable-by-all': {
    title: 'Everybody may write to it',
    explanation:
      'While the merge is read-only nobody can; with a write directory, or where the extension is a directory itself, every user can replace what others run.',
    message: ({ mode = '', type = '' }) => `${TYPES[type]} with mode ${mode}`,
    remedy: () => 'chmod o-w',
  },
  'closed-directory': {
    title: 'A directory lets only some users in',
    explanation:
      'Where several layers have the same directory, the uppermost lends it mode and owner. So a closed /usr/bin in an extension locks users out of all programs of the host.',
    message: ({ mode = '', host = '' }) =>
      host === 'open'
        ? `it has mode ${mode}, and closes a directory of the host that is open to all`
        : `it has mode ${mode}`,
    remedy: () => 'chmod 755, or the mode that the host has there',
  },
  'set-user-id': {
    title: 'A program runs with the rights of its owner',
    explanation:
      'Whoever starts a set-user-id or set-group-id program gets the rights of its owner or group, so an error in it is an error of the whole system. In a configuration extension the bit has no effect.',
    message: ({ mode = '', owner = '', bits = '', class: name = '' }) =>
      `it has mode ${mode} and belongs to ${owner}: set-${bits}-id${name === 'confext' ? ', which has no effect here' : ''}`,
    remedy: () => 'chmod ug-s, unless it is known to be needed; a service or capabilities may do',
  },
  'device-file': {
    title: 'A device file cannot be opened',
    explanation:
      'Extensions are merged with the option nodev, so that no image can bring access to the disks of a machine. A device file in them is of no use.',
    message: ({ type = '' }) => `it is ${TYPES[type]}`,
    remedy: () => 'remove it; devices are made in /dev, by udev rules or tmpfiles.d',
  },
  whiteout: {
    title: 'It hides a file of the host',
    explanation:
      'A character device with the numbers 0 and 0 means to overlayfs that there is no such file: it takes away what the host, or an extension below, has under this name.',
    message: () => 'it is a whiteout, which takes away the file of this name',
    remedy: () => 'remove it, if nothing of the host shall go away',
  },
  'special-file': {
    title: 'A FIFO or socket does not belong into an image',
    explanation:
      'FIFOs and sockets are made by the programs that use them. One that comes with an image stays where nobody reads from it, and whoever opens the FIFO waits for ever.',
    message: ({ type = '' }) => `it is ${TYPES[type]}`,
    remedy: () => 'remove it; programs make theirs below /run, or tmpfiles.d does',
  },
  'type-conflict': {
    title: 'It takes the place of a directory of the host, or of a link to one',
    explanation:
      'Directories of the same name become one. Anything else covers what is below it: a directory in place of a link of the host to one, or a file in place of a directory, makes all vanish that the host has there.',
    message: ({ host = '', type = '' }) =>
      host === 'symlink'
        ? 'it is a directory, and on the host a symbolic link: what the host has behind that link cannot be found here any more'
        : `it is ${TYPES[type]}, and on the host a directory, all of which will be covered`,
    remedy: ({ host = '' }) =>
      host === 'symlink'
        ? 'put its files where the link of the host leads to'
        : 'call it otherwise, or make it a directory',
  },
  'shared-index': {
    title: 'It covers a list that is about the whole system',
    explanation:
      'Some files are made by one program about all that is installed. That of an image covers that of the host, and knows nothing of what the host has; of two images only one counts. An almost empty list of kernel modules leaves a system without modules.',
    message: ({ about = '' }) => `this list of ${about} covers that of the host`,
    remedy: ({ program = '' }) =>
      `leave it out; where a new list is needed, ${program} makes it after the merge`,
  },
  'dangling-symlink': {
    title: 'A symbolic link leads nowhere',
    explanation:
      'What the link points to is neither in the image nor on the host. Links are looked up as they will be when the image is merged over the host.',
    message: ({ target = '', missing = '', host = '' }) =>
      host === 'unknown'
        ? `it points to ${quoted(target)}, and the image has no ${quoted(missing)}; whether the host has it is not known`
        : `it points to ${quoted(target)}, and there is no ${quoted(missing)}`,
    remedy: ({ host = '' }) =>
      host === 'unknown'
        ? 'check it against the host, with --root='
        : 'add what it points to, or remove the link',
  },
  'symlink-loop': {
    title: 'Symbolic links lead in a circle',
    explanation: 'The kernel gives up after 40 links, so this name can never be opened.',
    message: ({ target = '' }) => `it points to ${quoted(target)}, and that leads round in circles`,
    remedy: () => 'let it point to a file',
  },
  'absolute-symlink': {
    title: 'A symbolic link inside of a hierarchy is absolute',
    explanation:
      'When the image is merged the link is right. But where the image is mounted elsewhere, to look into it or to copy from it, it leads to files of that machine.',
    message: ({ target = '' }) => `it points to ${quoted(target)}`,
    remedy: ({ relative = '' }) => `let it point to ${quoted(relative)}`,
  },
  'link-out-of-image': {
    title: 'A symbolic link climbs out of the image',
    explanation:
      'The link has more .. in it than there are directories above it. Merged, it ends at /; where the image is mounted deeper it leads to files that are not its own.',
    message: ({ target = '' }) => `it points to ${quoted(target)}, which is above the top of the image`,
    remedy: () => 'shorten it so that it stays inside of the image',
  },
  'link-to-unmerged': {
    title: 'A symbolic link leads to what is not merged',
    explanation:
      'The image has what the link points to, but outside of the hierarchies, so it will not be there after the merge. Links into /etc/alternatives are like that.',
    message: ({ target = '', leads = '' }) =>
      `it points to ${quoted(target)}, and ${quoted(leads)} of the image is not merged`,
    remedy: () => 'let it point to the file itself, below a hierarchy',
  },
};
