import type { ExtensionClass } from '../extension-class.js';
import { CERTIFICATE_DIRECTORIES } from '../images/verity/certificates.js';
import { WORDS, writeDirectoryOf } from './class-words.js';
import { item, literals, type Section, section } from './document.js';

export function files(extensionClass: ExtensionClass): Section {
  const { name, hierarchies, searchPath, initrdSearchPath, releaseDirectory } = extensionClass;
  const { metadataDirectory, namesFile, configFile } = extensionClass;
  const extra = initrdSearchPath.filter((path) => !searchPath.includes(path));
  return section(
    'FILES',
    item(literals(searchPath).join(', '), `Installed ${WORDS[name].kind}s.`),
    item(literals(extra).join(', '), 'More of them in an initrd, where the boot loader has put them.'),
    item(
      '`.#disabled/`, `.#masked/`',
      'In those directories: empty directories, to which the links lead by which extensions are switched off.',
    ),
    item('`.#sysext-`…', 'In those directories: what is just being installed or removed.'),
    item(`\`/${releaseDirectory}/extension-release.\`*NAME*`, 'In an extension: what it is made for.'),
    item(
      '`/etc/os-release`, `/usr/lib/os-release`',
      'What the host is; the first that exists. It must have `ID=`.',
    ),
    item(
      '*NAME*`.verity`, *NAME*`.roothash`, *NAME*`.roothash.p7s`',
      'Beside *NAME*`.raw`: its hash tree, the root hash of that, and the signature of the root hash. For a partition *usr* the last two are called *NAME*`.usrhash` and *NAME*`.usrhash.p7s`.',
    ),
    item(
      CERTIFICATE_DIRECTORIES.map((path) => `\`${path}/\`*NAME*\`.crt\``).join(', '),
      'Certificates of those who may sign images, in PEM format. A file hides those of its name in later directories.',
    ),
    item('`/etc/sysext/keys.d/`*NAME*`.key`', 'The key of the encrypted image *NAME*.'),
    item('`/etc/initrd-release`', 'If it exists, the system is an initrd.'),
    item(
      literals(hierarchies.map((path) => `${path}/${metadataDirectory}/${namesFile}`)).join(', '),
      'The extensions that are merged, a name a line. Other files in the same directory: `dev`, the device number of the merge; `backing`, that of the disk below it; `origin`, what the merge was made of; `work_dir`, the work directory of a writable one.',
    ),
    item(
      literals(hierarchies.map(writeDirectoryOf)).join(', '),
      'The write directories. Work directories are beside them.',
    ),
    item(
      `\`/etc/systemd/${configFile}\``,
      `Configuration, see ${configFile}(5) for the other places where it can be.`,
    ),
    item(
      '`/run/systemd/sysext/`',
      'Locks, and what is being built by a call. It is removed when nobody is at work.',
    ),
  );
}
