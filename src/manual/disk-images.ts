import type { ExtensionClass } from '../extension-class.js';
import { CERTIFICATE_DIRECTORIES } from '../images/verity/certificates.js';
import { type Block, enumerate, heading, item, literals } from './document.js';

/** What disk images may look like, and how they are checked. */
export function diskImages(): Block[] {
  return [
    heading('Disk images'),
    'An image is one file system, or a disk with a GUID partition table (GPT), such as systemd-repart(8) makes. The types of its partitions say what they are for (Discoverable Partitions Specification). Used are a partition *root*, which is the tree of the extension, and a partition *usr*, which is the `/usr` of it; one of them is enough. They must be for the architecture of this machine, or for the 32 bit one that it also runs. Of several of a type the one with the newest version in its label is used. Left out are partitions with the attribute no-auto, empty ones (label `_empty`), and those that are still being written (label `PRT#`… or `PND#`…). A disk without any of these types may have one partition of the generic Linux type.',
    item(
      'hash tree (dm-verity)',
      'A partition *root-verity* or *usr-verity*; its root hash is made of the UUIDs of both partitions. For an image without partitions: the tree in *NAME*`.verity` beside *NAME*`.raw`, and the root hash in the extended attribute `user.verity.roothash` of the image or in the file *NAME*`.roothash`, in hexadecimal digits. Data that does not fit its hash tree is refused.',
    ),
    item(
      'signature',
      `A partition *root-verity-sig* or *usr-verity-sig*, or a file *NAME*\`.roothash.p7s\`: a signature of the root hash (PKCS #7). It is good if the certificate of the signer is among the files \`*.crt\` in ${enumerate(literals(CERTIFICATE_DIRECTORIES))} below the root, or if the kernel has it in its keyring. What follows from a signature that is not good is for the image policy to say.`,
    ),
    item(
      'encryption (LUKS)',
      'The key is read from the file `/etc/sysext/keys.d/`*NAME*`.key` below the root; without it the image is refused. cryptsetup(8) and a kernel with device mapper are needed.',
    ),
    'Where the kernel has device mapper, and veritysetup(8) is installed, the kernel checks the data against the hash tree whenever it is read. Elsewhere, as in a container, all of the data is checked before it is mounted, which takes as long as reading it; a message says so. That holds as long as nobody writes to the image: what is changed later is not noticed, other than with device mapper.',
    'Not used are disks with an MBR partition table only, or with partitions in the MBR beside those of the GPT, and tables with partitions that overlap. `inspect` tells what is in an image, and why a partition is not used.',
  ];
}

/** How a policy is written. */
export function imagePolicies({ configFile }: ExtensionClass): Block[] {
  return [
    heading('Image policies'),
    'An image policy says which partitions an image may have and how they must be protected (systemd.image-policy(7)). It is made of rules with a `:` between them, each a partition, a `=` and flags with a `+` between them; a rule without partition is for all others. Directories are not concerned. A bare file system counts as `root`.',
    item(
      '`signed`',
      'There is a signature of somebody who is trusted. If `verity` is there as well, a signature that is not good is only warned of.',
    ),
    item(
      '`verity`',
      'There is a hash tree. It keeps data from being damaged; who changes it makes another one.',
    ),
    item('`encrypted`, `encryptedwithintegrity`', 'It is a LUKS volume.'),
    item('`unprotected`', 'None of these.'),
    item(
      '`unused`, `absent`',
      'It is there and is left alone; it is not there. Without `absent` a partition must be there. `ignore` is both, `open` all of the flags above.',
    ),
    item(
      '`read-only-on`, `read-only-off`, `growfs-on`, `growfs-off`',
      'What the partition table says of it. A bare file system has both off.',
    ),
    item('`btrfs`, `erofs`, `ext4`, `f2fs`, `squashfs`, `vfat`, `xfs`', 'The file system is one of these.'),
    `\`*\` allows everything, \`-\` leaves everything alone, and \`~\` allows nothing. Without \`--image-policy=\` and \`ImagePolicy=\` in ${configFile}(5), every protection is allowed, and none. In an initrd images below \`/.extra\` must be signed. The command \`policy\` tells what a policy does.`,
  ];
}
