import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { type Content, type FileSystemType, identify } from '../../src/images/identify.js';
import { changed, type ImageStart, loadStart, watch } from '../support/image-bytes.js';
import { imageScratch } from '../support/image-scratch.js';

const scratch = imageScratch();
const images = new Map<FileSystemType, ImageStart>();
const image = (type: FileSystemType): ImageStart => images.get(type)!;
beforeAll(() => {
  for (const type of ['squashfs', 'erofs', 'ext4', 'btrfs', 'xfs', 'vfat'] as const) {
    images.set(type, scratch.load(type));
  }
});

const of = (bytes: Buffer | string): Content => {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return identify(watch({ bytes: buffer.subarray(0, 69632), size: BigInt(buffer.length) }));
};

/** Copies bytes of one image over those of another. */
const overlaid = (below: ImageStart, above: ImageStart, from: number, to: number): ImageStart =>
  changed(below, (bytes) => above.bytes.copy(bytes, from, from, to));

describe('more than one file system', () => {
  test('an ext4 in the space before a btrfs: both fit', () => {
    const both = overlaid(image('btrfs'), image('ext4'), 1024, 2048);
    const room = { ...both, size: 1024n * 2n ** 20n };
    expect(identify(watch(room))).toEqual({ kind: 'ambiguous', types: ['ext4', 'btrfs'] });
  });

  test('a squashfs before an ext4, both whole', () => {
    const both = overlaid(image('ext4'), image('squashfs'), 0, 96);
    expect(identify(watch(both))).toEqual({ kind: 'ambiguous', types: ['squashfs', 'ext4'] });
  });

  test('an erofs at the place of an ext4, and three more', () => {
    const all = changed(image('btrfs'), (bytes) => {
      image('xfs').bytes.copy(bytes, 0, 0, 512);
      image('erofs').bytes.copy(bytes, 1024, 1024, 4096);
    });
    expect(identify(watch({ ...all, size: 2n ** 40n }))).toMatchObject({
      kind: 'ambiguous',
      types: ['erofs', 'btrfs', 'xfs'],
    });
  });

  test('one that is cut off is one nevertheless', () => {
    const both = overlaid(image('btrfs'), image('ext4'), 1024, 2048);
    expect(identify(watch({ ...both, size: image('btrfs').size }))).toMatchObject({ kind: 'ambiguous' });
  });

  test('what is left of a damaged one does not count', () => {
    const rest = changed(overlaid(image('btrfs'), image('ext4'), 1024, 2048), (bytes) =>
      bytes.writeUInt32LE(0xbad, 1024 + 0x3fc),
    );
    expect(identify(watch(rest))).toMatchObject({ kind: 'file-system', type: 'btrfs' });
  });

  test('of two damaged ones the first is told', () => {
    const both = changed(overlaid(image('btrfs'), image('squashfs'), 0, 96), (bytes) => {
      bytes.writeUInt16LE(3, 28);
      bytes.writeUInt32LE(0xbad, 65536);
    });
    expect(identify(watch(both))).toMatchObject({ kind: 'damaged', type: 'squashfs', field: 's_major' });
  });
});

/** As systemd-repart and sfdisk(8) write it: protective MBR, header, and no entries. */
function gptDisk(bytes: Buffer, sectorSize: number): void {
  bytes.writeUInt8(0xee, 446 + 4);
  bytes.writeUInt32LE(1, 446 + 8);
  bytes.writeUInt32LE(0xffffffff, 446 + 12);
  bytes.writeUInt16LE(0xaa55, 510);
  bytes.write('EFI PART', sectorSize, 'latin1');
  bytes.writeUInt32LE(0x00010000, sectorSize + 8);
  bytes.writeUInt32LE(92, sectorSize + 12);
}

function mbrDisk(bytes: Buffer): void {
  bytes.write('\x33\xc0\x8e\xd0\xbc\x00\x7c', 0, 'latin1');
  bytes.set([0x80, 0x20, 0x21, 0, 0x83, 0xff, 0xff, 0xff], 446);
  bytes.writeUInt32LE(2048, 446 + 8);
  bytes.writeUInt32LE(204800, 446 + 12);
  bytes.writeUInt16LE(0xaa55, 510);
}

const disk = (edit: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.alloc(1024 * 1024);
  edit(bytes);
  return bytes;
};

describe('partition tables', () => {
  test.each([512, 4096])('GPT with sectors of %d bytes', (sectorSize) => {
    expect(of(disk((bytes) => gptDisk(bytes, sectorSize)))).toEqual({ kind: 'gpt', sectorSize });
  });

  test('MBR', () => {
    expect(of(disk(mbrDisk))).toEqual({ kind: 'mbr' });
  });

  test('a boot sector without partitions is no MBR', () => {
    expect(of(disk((bytes) => bytes.writeUInt16LE(0xaa55, 510)))).toMatchObject({ kind: 'unknown' });
  });

  test('a boot sector with a partition that is neither active nor not is no MBR', () => {
    const odd = disk((bytes) => {
      mbrDisk(bytes);
      bytes.writeUInt8(1, 462);
    });
    expect(of(odd)).toMatchObject({ kind: 'unknown' });
  });

  test('a file system counts more than the partition table beside it, as for libblkid and systemd', () => {
    const both = changed(image('btrfs'), (bytes) => gptDisk(bytes, 512));
    expect(identify(watch(both))).toMatchObject({ kind: 'file-system', type: 'btrfs' });
  });

  test('a partition table counts more than what is left of a file system', () => {
    const rest = changed(image('btrfs'), (bytes) => {
      gptDisk(bytes, 512);
      bytes.writeUInt32LE(0xbad, 65536);
    });
    expect(identify(watch(rest))).toEqual({ kind: 'gpt', sectorSize: 512 });
  });
});

describe('encrypted and hashed', () => {
  test.each([1, 2])('LUKS version %d, with an ext4 from before behind the header', (version) => {
    const luks = changed(image('ext4'), (bytes) =>
      bytes.write(`LUKS\xba\xbe\0${String.fromCharCode(version)}`, 'latin1'),
    );
    expect(identify(watch(luks))).toEqual({ kind: 'luks', version });
  });

  test('a hash tree of dm-verity', () => {
    expect(of(disk((bytes) => bytes.write('verity\0\0\x01\0\0\0\x01\0\0\0', 'latin1')))).toEqual({
      kind: 'verity',
    });
  });
});

describe('archives', () => {
  /** `hello`, as the tool of the name made it. */
  test.each([
    ['gzip', '1f8b08000000000000 03cb48cdc9c9e70200 20303a3606000000'],
    [
      'xz',
      'fd377a585a000004e6d6b4460200210116000000742fe5a301000568656c6c6f0a000000a56097f194f6fde000011e06',
    ],
    ['zstd', '28b52ffd045831000068656c6c6f0a5388bd91'],
    ['zstd', '502a4d18040000001700000028b52ffd045855000010000001009b8639c002db234ef3'],
    ['bzip2', '425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2'],
    ['bzip2', '425a683917724538509000000000'],
    ['lz4', '04224d186440a70600008068656c6c6f0a00000000f95b6b94'],
    ['zip', '504b03040a00000000000000215820303a36060000000600000001000000 6168656c6c6f0a504b0102'],
    ['zip', '504b050600000000000000000000000000000000 0000'],
  ])('%s', (format, bytes) => {
    expect(of(Buffer.from(bytes.replaceAll(' ', ''), 'hex'))).toEqual({ kind: 'archive', format });
  });

  test.each([
    ['7z', "7z\xbc\xaf'\x1c\0\x04"],
    ['rar', 'Rar!\x1a\x07\x01\0'],
    ['lzip', 'LZIP\x01\x0c'],
    ['rpm', '\xed\xab\xee\xdb\x03\0\0\0'],
    ['cpio', '070701000000010000'],
    ['cpio', '070702000000010000'],
    ['cpio', '070707000001000001'],
    ['ar', '!<arch>\nlib.o/          0           0     0     644     0         `\n'],
    ['deb', '!<arch>\ndebian-binary   1700000000  0     0     100644  4         `\n2.0\n'],
  ])('%s, by its first bytes', (format, bytes) => {
    expect(of(bytes)).toEqual({ kind: 'archive', format });
  });

  test.each(['v7', 'gnu', 'ustar', 'pax'])('tar of the format %s', (format) => {
    const file = scratch.path(`${format}.tar`);
    execFileSync('tar', ['--create', '--file', file, '--format', format, '-C', scratch.source, '.']);
    expect(identify(watch(loadStart(file)))).toEqual({ kind: 'archive', format: 'tar' });
  });

  test('an empty tar is nothing but zeros', () => {
    mkdirSync(scratch.path('nothing'));
    execFileSync('tar', ['--create', '--file', scratch.path('empty.tar'), '-T', '/dev/null']);
    expect(identify(watch(loadStart(scratch.path('empty.tar'))))).toEqual({ kind: 'zeros' });
  });
});

describe('other things', () => {
  test('this program', () => {
    expect(identify(watch(loadStart(process.execPath)))).toEqual({ kind: 'elf' });
  });

  test('swap space', () => {
    const file = scratch.path('swap');
    execFileSync('truncate', ['--size', '1M', file]);
    execFileSync('mkswap', [file], { stdio: 'ignore', env: { PATH: '/sbin:/usr/sbin:/usr/bin:/bin' } });
    expect(identify(watch(loadStart(file)))).toEqual({ kind: 'swap' });
  });

  test.each([8192, 16384, 65536])('swap space of a machine with pages of %d bytes', (page) => {
    expect(of(disk((bytes) => bytes.write('SWAPSPACE2', page - 10)))).toEqual({ kind: 'swap' });
  });

  test('an optical disk, bootable', () => {
    const iso = disk((bytes) => {
      mbrDisk(bytes);
      bytes.write('\x01CD001\x01', 32768, 'latin1');
    });
    expect(of(iso)).toEqual({ kind: 'iso9660' });
  });

  test.each([
    ['qcow2', 0, 'QFI\xfb\0\0\0\x03'],
    ['vmdk', 0, 'KDMV\x01\0\0\0'],
    ['vhdx', 0, 'vhdxfile'],
    ['vdi', 64, '\x7f\x10\xda\xbe'],
  ])('a disk of a virtual machine, %s', (format, at, bytes) => {
    expect(of(disk((start) => start.write(bytes, at, 'latin1')))).toEqual({ kind: 'virtual-disk', format });
  });

  test.each([
    ['a page of the web', '<!DOCTYPE html>\n<title>404 Not Found</title>\n'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'],
    ['one character', 'x'],
  ])('text: %s', (_, text) => {
    expect(of(text)).toEqual({ kind: 'text' });
  });

  test('text that is cut within a character where the first read ends', () => {
    expect(of(Buffer.from(`x${'ß'.repeat(10000)}`))).toEqual({ kind: 'text' });
  });

  test('Latin-1 is no text', () => {
    expect(of(Buffer.alloc(200, 'gr\xfc\xdfe ', 'latin1'))).toEqual({
      kind: 'unknown',
      start: '6772fcdf65206772',
    });
  });

  test('nothing', () => {
    expect(of('')).toEqual({ kind: 'empty' });
  });

  test.each([1, 95])('%d bytes that mean nothing', (size) => {
    expect(of(Buffer.alloc(size))).toEqual({ kind: 'too-short', size: BigInt(size) });
  });

  test('a file that was only given a size', () => {
    expect(identify(watch({ bytes: Buffer.alloc(0), size: 2n ** 62n }))).toEqual({ kind: 'zeros' });
  });

  test.each([0, 8191, 32768, 65536, 69631])('one byte at %d is not nothing', (at) => {
    expect(of(disk((bytes) => bytes.writeUInt8(0x80, at)))).toMatchObject({ kind: 'unknown' });
  });
});

test('an image costs no more than two reads, of 12 KiB', () => {
  for (const start of images.values()) {
    const reader = watch(start);
    expect(identify(reader)).toMatchObject({ kind: 'file-system' });
    expect(reader.reads).toBeLessThanOrEqual(2);
    expect(reader.total).toBeLessThanOrEqual(12 * 1024);
  }
});
