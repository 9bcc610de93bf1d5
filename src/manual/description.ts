import type { ExtensionClass } from '../extension-class.js';
import { choice } from './choice.js';
import { WORDS } from './class-words.js';
import { diskImages, imagePolicies } from './disk-images.js';
import { type Block, enumerate, heading, item, literals, type Section, section } from './document.js';
import { layers, mutability } from './layers.js';
import { lockFiles } from './lock-files.js';

/** What the program does, and by which rules. */
export function description(extensionClass: ExtensionClass): Section {
  return section(
    'DESCRIPTION',
    ...introduction(extensionClass),
    ...images(extensionClass),
    ...matching(extensionClass),
    ...choice(extensionClass),
    ...lockFiles(extensionClass),
    ...diskImages(),
    ...imagePolicies(extensionClass),
    ...layers(extensionClass),
    ...mutability(extensionClass),
    ...afterwards(extensionClass),
  );
}

function introduction({ name, hierarchies }: ExtensionClass): Block[] {
  const { kind, purpose } = WORDS[name];
  const where = enumerate(literals(hierarchies));
  return [
    `\`${name}\` merges ${kind}s into ${where} of the running system, and takes them off again. A ${kind} is a directory or a file system image with a tree of files. ${purpose} can be added that way to a system whose own files are read-only or shall stay as they are.`,
    `Merging copies nothing: the files of all extensions and those of the host are laid over each other with overlayfs, so that they appear as one tree. Nothing of it lasts: after \`unmerge\`, and after a reboot, ${where} ${hierarchies.length > 1 ? 'are' : 'is'} what ${hierarchies.length > 1 ? 'they were' : 'it was'} before. ${hierarchies.length > 1 ? 'Those directories are called hierarchies here.' : 'That directory is called the hierarchy here.'}`,
  ];
}

function images({ name, searchPath, initrdSearchPath, suffix, hierarchies }: ExtensionClass): Block[] {
  const extra = initrdSearchPath.filter((path) => !searchPath.includes(path));
  const missing = searchPath.filter((path) => !initrdSearchPath.includes(path));
  const without = missing.length === 0 ? '' : `, and not in ${enumerate(literals(missing))}`;
  const [first = ''] = searchPath;
  return [
    heading('Where extensions come from'),
    `Extensions are looked for in ${enumerate(literals(searchPath))}, in this order. In an initrd they are also looked for in ${enumerate(literals(extra))}${without}. Symbolic links are followed. An entry of one of these directories is an extension if it is:`,
    item(
      `*NAME*\`/\``,
      `A directory, or a btrfs subvolume. The tree in it is that of the root: what is meant for \`${hierarchies[0]}\` is in its \`${hierarchies[0]?.slice(1)}\`.`,
    ),
    item(
      '*NAME*`.raw`',
      'A file with a file system, whose root directory is as above: squashfs, erofs, ext4, btrfs or xfs; or with several of them in partitions, see “Disk images”. It is mounted read-only. FAT is recognised and refused, because overlayfs takes no layers whose names are not case-sensitive.',
    ),
    item('*NAME*', 'A block device with the same.'),
    item(
      `*NAME*\`.v/\`, *NAME*\`.raw.v/\``,
      'A versioned directory. The entries in it are called *NAME*`_`*VERSION*, optionally followed by `_`*ARCHITECTURE* and by the counter of tries left and done, `+`*LEFT*`-`*DONE*; in the second kind also by `.raw`. The highest version for this architecture is used. One that has no tries left is used only if there is no other. See systemd.v(7).',
    ),
    `The name may be followed by \`${suffix}\` (before \`.raw\`), which is no part of it. An extension hides those of the same name in directories that come later in the list. To mask one, make a symbolic link of its name to \`/dev/null\` in \`${first}\`. \`${name} --log-level=debug list\` tells what was passed over.`,
  ];
}

function matching({ releaseDirectory, levelField, scopeField, forbidden }: ExtensionClass): Block[] {
  const file = `/${releaseDirectory}/extension-release.`;
  return [
    heading('Which extensions fit'),
    `An extension says in a release file what it is made for: \`${file}\`*NAME* in its tree, with the syntax of os-release(5). It is compared with the os-release file of the host. The first rule that is broken decides, and the extension is passed over with a warning that says what was wanted, what was found and what to change; the others are merged all the same.`,
    ...(forbidden === null
      ? []
      : [
          item(
            `\`/${forbidden}\``,
            'An extension must not contain this file: it would change what the host is.',
          ),
        ]),
    item(
      'release file',
      'There must be one with something in it. If there is none of the right name, another one in the same directory is taken if its name is that of the extension without the part from the last `_` on, or if its extended attribute `user.extension-release.strict` is false; there must not be two of them.',
    ),
    item(
      `\`${scopeField}=\``,
      'A list of words: `initrd` must be in it where this is an initrd, and `system` where it is none. Without this field it is `system portable`.',
    ),
    item(
      '`ARCHITECTURE=`',
      'Must be the architecture of the kernel, such as `x86-64` or `arm64`, or `_any`. Without this field every architecture fits.',
    ),
    item(
      '`ID=`',
      'Must be `ID=` of the host or a word of its `ID_LIKE=`. An extension with `_any` is accepted at once, without the rules below.',
    ),
    item(`\`${levelField}=\``, 'If both sides have it, they must be equal, and versions are not compared.'),
    item(
      '`VERSION_ID=`',
      'Must be equal if the host has one. A host that has neither a version nor a level, as a rolling release, takes every extension with the right `ID=`.',
    ),
    'The option `--force` switches all of these rules off.',
  ];
}

function afterwards({ name, kernelSwitch }: ExtensionClass): Block[] {
  return [
    heading('Refresh'),
    'A merge records what it was made of: the mutable mode, write directories and options, and for each extension its path and what identifies the file or directory. If all of that is the same, `refresh` changes nothing and says so. What is edited inside of a directory extension is not noticed. `--always-refresh=yes` merges anew in any case.',
    heading('Services'),
    'After merging, refreshing and unmerging, the service manager is told what the release files of the extensions concerned ask for, unless `--no-reload` or `--root=` is given. This works with systemd and with OpenRC.',
    item('`EXTENSION_RELOAD_MANAGER=1`', 'The manager reads its unit files again.'),
    item(
      '`EXTENSION_RESTART_UNITS=`',
      'These units, separated by blanks, are restarted, or started if they do not run.',
    ),
    item(
      '`EXTENSION_RELOAD_OR_RESTART_UNITS=`',
      'These units are reloaded if they run and are able to, else restarted. A unit in both lists is restarted.',
    ),
    'Each list has the manager read its files again first. A unit that is gone afterwards is stopped. While the machine shuts down, nothing of this is done. If the manager cannot read its files again, the exit status is 1 although the merge has succeeded; units that fail are only reported.',
    heading('At boot'),
    `A service that runs \`${name} refresh\` early at boot merges what is installed. With \`${kernelSwitch}=0\` on the kernel command line, or \`rd.${kernelSwitch}=0\` for an initrd, calls by the service manager merge nothing; calls by hand do.`,
  ];
}
