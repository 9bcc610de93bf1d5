import type { Content } from '../images/content.js';
import { printable } from './printable.js';

/** What is wrong, and what to do about it; both without a full stop. */
export interface Advice {
  readonly problem: string;
  readonly remedy: string;
}

/**
 * What is in a partition or an encrypted volume that cannot be mounted: whoever made the image has to mend that.
 *
 * @param place as the rest of a sentence
 */
export function describeUnusableIn(place: string, content: Content): Advice {
  return {
    problem: `what is in ${place} cannot be used: ${describeUnusable(content).problem}`,
    remedy: `make the image anew, with a squashfs, erofs, ext4, btrfs or xfs file system in ${place}`,
  };
}

/** What the bytes of a file are that cannot be mounted as an extension image, and what to do. */
export function describeUnusable(content: Content): Advice {
  const replace = 'copy the image again, or remove it';
  switch (content.kind) {
    case 'empty':
      return { problem: 'the file is empty', remedy: replace };
    case 'too-short':
      return { problem: `with ${content.size} bytes it is too short for any file system`, remedy: replace };
    case 'zeros':
      return { problem: 'there are only zeros in it', remedy: replace };
    case 'truncated':
      return {
        problem: `its ${content.type} file system has ${content.size} bytes, but only ${content.available} of them are there`,
        remedy: replace,
      };
    case 'damaged':
      return {
        problem: `the superblock of its ${content.type} file system is damaged (${printable(content.field)} is ${printable(content.found)}, not ${printable(content.wanted)})`,
        remedy: replace,
      };
    case 'ambiguous':
      return {
        problem: `it has the superblocks of several file systems (${content.types.join(', ')})`,
        remedy: 'wipe what is not meant with wipefs(8)',
      };
    case 'gpt':
      return {
        problem: `it is a GPT disk image with ${content.sectorSize} byte sectors`,
        remedy: 'use that disk image by itself',
      };
    case 'mbr':
      return {
        problem:
          'it is a disk image with an MBR partition table, which says nothing of what is in a partition',
        remedy: 'make it with a GPT, for example with systemd-repart(8), or use a bare file system',
      };
    case 'luks':
      return {
        problem: `it is encrypted (LUKS${content.version})`,
        remedy: 'encrypt the image only once',
      };
    case 'verity':
      return {
        problem: 'it is the hash tree of dm-verity, not the data that it protects',
        remedy: 'give it another name than *.raw',
      };
    case 'archive':
      return {
        problem: `it is an archive (${content.format})`,
        remedy:
          'unpack it to a directory of the same name without .raw, or make a file system of it, for example with mksquashfs',
      };
    case 'virtual-disk':
      return {
        problem: `it is a virtual disk (${content.format})`,
        remedy: 'convert it with qemu-img convert -O raw',
      };
    case 'elf':
      return {
        problem: 'it is a program (ELF)',
        remedy: 'an extension is a directory or a file system with the program in it',
      };
    case 'iso9660':
      return {
        problem: 'it is a CD image (ISO 9660)',
        remedy: 'make a squashfs or erofs image of its files',
      };
    case 'swap':
      return { problem: 'it is swap space', remedy: 'remove it' };
    case 'text':
      return { problem: 'it is a text file', remedy: 'only images may be named *.raw' };
    case 'unknown':
      return {
        problem: `what it is cannot be told (it begins with the bytes ${content.start})`,
        remedy: 'an image is a squashfs, erofs, ext4, btrfs or xfs file system',
      };
    case 'file-system':
      // Only asked of file systems that overlayfs takes no layers from: its look-ups would not match theirs.
      return {
        problem: `names in a ${content.type} file system are not case-sensitive, which overlayfs does not take`,
        remedy: 'make a squashfs or erofs image of its files',
      };
  }
}
