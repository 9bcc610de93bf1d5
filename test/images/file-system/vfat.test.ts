import { identify, identifyFile } from '../../../src/images/identify.js';
import { changed, cut, type ImageStart, watch } from '../../support/image-bytes.js';
import { imageScratch } from '../../support/image-scratch.js';

const SIZE = 16 * 1024 * 1024;

const scratch = imageScratch();
/** FAT16 and FAT32 */
let image: ImageStart;
let image32: ImageStart;
beforeAll(() => {
  image = scratch.load('vfat', { size: SIZE, uuid: 'cafe0123', label: 'EXTENSION' });
  image32 = scratch.load('vfat', { args: ['-F', '32', '-s', '1'], size: 40 * 1024 * 1024 });
});

describe('as mkfs.vfat makes it', () => {
  test('with a serial number and a label', () => {
    expect(identify(watch(image))).toEqual({
      kind: 'file-system',
      type: 'vfat',
      uuid: 'CAFE-0123',
      label: 'EXTENSION',
      size: BigInt(SIZE),
    });
  });

  test.each([
    ['FAT12', ['-F', '12'], SIZE],
    ['FAT12 on a floppy disk', [], 1440 * 1024],
    ['FAT16', ['-F', '16'], SIZE],
    ['FAT16 of more than 65535 sectors', ['-F', '16'], 64 * 1024 * 1024],
    ['FAT32', ['-F', '32', '-s', '1'], 40 * 1024 * 1024],
    ['sectors of 4096 bytes', ['-S', '4096'], SIZE],
    ['clusters of 64 KiB', ['-s', '128'], SIZE],
    ['one FAT', ['-f', '1'], SIZE],
  ])('%s', (_, args, size) => {
    expect(identifyFile(scratch.make('vfat', { args, size }))).toEqual({
      kind: 'file-system',
      type: 'vfat',
      uuid: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/),
      label: null,
      size: BigInt(size),
    });
  });

  test('of a label in an unknown code page only ASCII can be told', () => {
    const foreign = changed(image, (bytes) => bytes.write('GR\x99SSE     ', 43, 'latin1')); // Ö of code page 437
    expect(identify(watch(foreign))).toMatchObject({ label: 'GR\ufffdSSE' });
  });

  test('a label that is filled up with zeros instead of spaces', () => {
    const odd = changed(image, (bytes) => bytes.write('BOOT\0\0junk\0', 43, 'latin1'));
    expect(identify(watch(odd))).toMatchObject({ label: 'BOOT' });
  });
});

describe('with or without signs', () => {
  const withoutString = (bytes: Buffer) => bytes.fill(0, 54, 62);

  test('a FAT16 without the string is told by its fields', () => {
    expect(identify(watch(changed(image, withoutString)))).toMatchObject({
      kind: 'file-system',
      type: 'vfat',
    });
  });

  test('a FAT16 without the extended record has neither serial number nor label', () => {
    const old = changed(image, (bytes) => bytes.fill(0, 36, 62));
    expect(identify(watch(old))).toMatchObject({ kind: 'file-system', uuid: null, label: null });
  });

  test('without the string, one wrong field makes it no FAT', () => {
    const odd = changed(image, (bytes) => {
      withoutString(bytes);
      bytes.writeUInt8(0, 16);
    });
    expect(identify(watch(odd))).toMatchObject({ kind: 'unknown' });
  });

  test('without the string and the jump instruction it is no FAT', () => {
    const odd = changed(image, (bytes) => {
      withoutString(bytes);
      bytes.fill(0, 0, 3);
    });
    expect(identify(watch(odd))).toMatchObject({ kind: 'unknown' });
  });

  test('the sector of an NTFS is no FAT', () => {
    const ntfs = Buffer.alloc(SIZE);
    ntfs.write('\xeb\x52\x90NTFS    ', 0, 'latin1');
    ntfs.writeUInt16LE(512, 11); // bytes per sector, sectors per cluster and medium are where FAT has them
    ntfs.writeUInt8(8, 13);
    ntfs.writeUInt8(0xf8, 21);
    ntfs.writeUInt16LE(0xaa55, 510);
    expect(identify(watch({ bytes: ntfs, size: BigInt(SIZE) }))).toMatchObject({ kind: 'unknown' });
  });

  test('a FAT with a partition table in its boot sector is a FAT', () => {
    const both = changed(image, (bytes) => {
      bytes.writeUInt8(0x83, 446 + 4);
      bytes.writeUInt32LE(2048, 446 + 8);
      bytes.writeUInt32LE(2048, 446 + 12);
    });
    expect(identify(watch(both))).toMatchObject({ kind: 'file-system', type: 'vfat' });
  });
});

describe('attacks and accidents', () => {
  const u8 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt8(value, at);
  const u16 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt16LE(value, at);
  const u32 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt32LE(value, at);

  test.each([
    ['with sectors of no bytes', 'BPB_BytsPerSec', '0', u16(11, 0)],
    ['with sectors of 8192 bytes', 'BPB_BytsPerSec', '8192', u16(11, 8192)],
    ['with clusters of no sectors', 'BPB_SecPerClus', '0', u8(13, 0)],
    ['with clusters of 3 sectors', 'BPB_SecPerClus', '3', u8(13, 3)],
    ['without a place for the boot sector', 'BPB_RsvdSecCnt', '0', u16(14, 0)],
    ['without a FAT', 'BPB_NumFATs', '0', u8(16, 0)],
    ['on a medium nobody knows', 'BPB_Media', '241', u8(21, 0xf1)],
    ['with a root directory of half a sector', 'BPB_RootEntCnt', '8', u16(17, 8)],
    ['without a root directory', 'BPB_RootEntCnt', '0', u16(17, 0)],
    ['of no sectors', 'BPB_TotSec', '0', u16(19, 0)],
    ['whose FATs leave no place for data', 'BPB_TotSec', '32768', u16(22, 65535)],
    ['without the signature', 'Signature_word', '0x0000', u16(510, 0)],
  ])('a FAT16 %s is damaged', (_, field, found, edit) => {
    expect(identify(watch(changed(image, edit)))).toEqual({
      kind: 'damaged',
      type: 'vfat',
      field,
      found,
      wanted: expect.stringMatching(/./),
    });
  });

  test.each([
    ['without a FAT', 'BPB_FATSz32', '0', u32(36, 0)],
    ['with a root directory of fixed size', 'BPB_RootEntCnt', '512', u16(17, 512)],
    ['of 2^32 - 1 clusters', 'clusters', '4294966001', u32(32, 2 ** 32 - 1)],
  ])('a FAT32 %s is damaged', (_, field, found, edit) => {
    expect(identify(watch(changed(image32, edit)))).toMatchObject({
      kind: 'damaged',
      field,
      found: found === '4294966001' ? expect.stringMatching(/^42949\d{5}$/) : found,
    });
  });

  test('a FAT32 that claims 2 TiB is truncated', () => {
    const huge = changed(image32, (bytes) => {
      u32(32, 2 ** 32 - 1)(bytes);
      u8(13, 128)(bytes);
    });
    expect(identify(watch(huge))).toEqual({
      kind: 'truncated',
      type: 'vfat',
      size: (2n ** 32n - 1n) * 512n,
      available: 40n * 2n ** 20n,
    });
  });

  test.each([62, 511])('a FAT16 of which only %d bytes are there is truncated', (size) => {
    expect(identify(watch(cut(image, size)))).toEqual({
      kind: 'truncated',
      type: 'vfat',
      size: 512n,
      available: BigInt(size),
    });
  });

  test('a FAT16 without its last byte is truncated', () => {
    const content = identify(watch({ ...image, size: image.size - 1n }));
    expect(content).toMatchObject({ kind: 'truncated', available: BigInt(SIZE - 1) });
  });
});
