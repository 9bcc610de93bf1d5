import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../support/debian.js';
import { makeImage } from '../../support/make-images.js';

/** A file that is named like an image but is none that could be merged. */
export interface Unusable {
  readonly name: string;
  /** @param source a directory with files for what holds some */
  readonly make: (file: string, source: string) => void;
  /** What must be said of it. */
  readonly says: RegExp;
}

const bytes =
  (size: number, ...parts: readonly (readonly [offset: number, text: string])[]): Unusable['make'] =>
  (file) => {
    const content = Buffer.alloc(size);
    for (const [offset, text] of parts) content.write(text, offset, 'latin1');
    writeFileSync(file, content);
  };

const run = (command: string, ...words: string[]): void => {
  execFileSync(findCommand(command) ?? command, words, { stdio: 'pipe' });
};

const changed =
  (type: 'squashfs' | 'ext4' | 'erofs', change: (file: string) => void): Unusable['make'] =>
  (file, source) => {
    makeImage(type, source, file);
    change(file);
  };

/** Changes one byte, so that it is not what it was. */
const flip = (offset: number) => (file: string) => {
  const content = readFileSync(file);
  content.writeUInt8(content.readUInt8(offset) ^ 0xff, offset);
  writeFileSync(file, content);
};

export const UNUSABLE: readonly Unusable[] = [
  { name: 'empty', make: bytes(0), says: /the file is empty/ },
  { name: 'short', make: bytes(40, [0, 'hsqs\x01\x80\xff']), says: /squashfs|too short/ },
  { name: 'zeros', make: bytes(1024 * 1024), says: /only zeros/ },
  { name: 'text', make: (file) => writeFileSync(file, 'Not Found\n'), says: /text file/ },
  {
    name: 'unknown',
    make: bytes(300_000, [0, '\x01\x02\x03\x04\x05\x06\x07\x80']),
    says: /0102030405060780/,
  },
  {
    name: 'gpt',
    make: bytes(1024 * 1024, [512, 'EFI PART']),
    says: /both copies of its partition table are damaged \(Signature of the protective MBR/,
  },
  {
    name: 'gpt-4k',
    make: bytes(1024 * 1024, [4096, 'EFI PART']),
    says: /both copies of its partition table are damaged/,
  },
  {
    name: 'mbr',
    make: bytes(1024 * 1024, [446, '\x80\0\0\0\x83\0\0\0\0\x08\0\0\0\x08\0\0'], [510, '\x55\xaa']),
    says: /MBR partition table/,
  },
  { name: 'verity', make: bytes(8192, [0, 'verity\0\0\x01']), says: /hash tree of dm-verity/ },
  {
    name: 'tar',
    make: (file, source) => run('tar', '-cf', file, '-C', source, '.'),
    says: /archive \(tar\)/,
  },
  {
    name: 'tar-gz',
    make: (file, source) => run('tar', '-czf', file, '-C', source, '.'),
    says: /archive \(gzip\)/,
  },
  { name: 'zip', make: bytes(4096, [0, 'PK\x03\x04']), says: /archive \(zip\)/ },
  {
    name: 'program',
    make: (file) => writeFileSync(file, readFileSync('/bin/true')),
    says: /program \(ELF\)/,
  },
  { name: 'qcow', make: bytes(65536, [0, 'QFI\xfb\0\0\0\x03']), says: /virtual disk \(qcow2\)/ },
  { name: 'cd', make: bytes(65536, [32768, '\x01CD001\x01']), says: /CD image/ },
  { name: 'swap', make: bytes(65536, [4086, 'SWAPSPACE2']), says: /swap space/ },
  {
    name: 'half-squashfs',
    make: changed('squashfs', (file) => truncateSync(file, 2048)),
    says: /its squashfs file system has \d+ bytes, but only 2048 of them/,
  },
  {
    name: 'half-ext4',
    make: changed('ext4', (file) => truncateSync(file, 1024 * 1024)),
    says: /its ext4 file system has \d+ bytes, but only 1048576 of them/,
  },
  {
    name: 'bad-squashfs',
    make: changed('squashfs', flip(12)),
    says: /superblock of its squashfs file system is damaged/,
  },
  {
    name: 'bad-ext4',
    make: changed('ext4', flip(1024 + 0x28)),
    says: /superblock of its ext4 file system is damaged/,
  },
  {
    name: 'bad-erofs',
    make: changed('erofs', flip(1024 + 12)),
    says: /superblock of its erofs file system is damaged/,
  },
  {
    name: 'vfat',
    make: (file, source) => makeImage('vfat', source, file),
    says: /names in a vfat file system are not case-sensitive, which overlayfs does not take/,
  },
];

/** Makes them all in one directory, each as NAME.raw. */
export function makeUnusable(directory: string, source: string): void {
  for (const { name, make } of UNUSABLE) make(join(directory, `${name}.raw`), source);
}
