import { mkdirSync } from 'node:fs';
import { identify, identifyFile } from '../../../src/images/identify.js';
import { changed, cut, type ImageStart, loadStart, watch } from '../../support/image-bytes.js';
import { imageScratch } from '../../support/image-scratch.js';

const scratch = imageScratch();
let image: ImageStart;
beforeAll(() => {
  image = scratch.load('squashfs');
});

describe('as mksquashfs makes it', () => {
  test.each(['gzip', 'lzo', 'xz', 'lz4', 'zstd'])('with %s', (compressor) => {
    expect(identifyFile(scratch.make('squashfs', { args: ['-comp', compressor] }))).toEqual({
      kind: 'file-system',
      type: 'squashfs',
      uuid: null,
      label: null,
      size: expect.any(BigInt),
    });
  });

  test.each(['4K', '128K', '1M'])('with blocks of %s', (size) => {
    const file = scratch.make('squashfs', { args: ['-b', size] });
    expect(identifyFile(file)).toMatchObject({ kind: 'file-system', type: 'squashfs' });
  });

  test('without padding, compression, fragments, extended attributes and export table', () => {
    const args = ['-nopad', '-noI', '-noD', '-noF', '-noX', '-no-fragments', '-no-xattrs', '-no-exports'];
    const file = scratch.make('squashfs', { args });
    expect(identifyFile(file)).toMatchObject({ kind: 'file-system', size: loadStart(file).size });
  });

  test('with nothing in it', () => {
    mkdirSync(scratch.path('empty'));
    const file = scratch.make('squashfs', {}, scratch.path('empty'));
    expect(identifyFile(file)).toMatchObject({ kind: 'file-system', type: 'squashfs' });
  });
});

describe('attacks and accidents', () => {
  const u16 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt16LE(value, at);
  const u32 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt32LE(value, at);
  const u64 = (at: number, value: bigint) => (bytes: Buffer) => bytes.writeBigUInt64LE(value, at);

  test.each([
    ['of version 3 is damaged', 's_major', '3', u16(28, 3)],
    ['of version 4.1 is damaged', 's_minor', '1', u16(30, 1)],
    ['without a compressor is damaged', 'compression', '0', u16(20, 0)],
    ['with a compressor nobody knows is damaged', 'compression', '7', u16(20, 7)],
    ['with blocks of no bytes is damaged', 'block_size', '0', u32(12, 0)],
    ['with blocks of 2 KiB is damaged', 'block_size', '2048', u32(12, 2048)],
    ['with blocks of 100000 bytes is damaged', 'block_size', '100000', u32(12, 100000)],
    ['with blocks of 2 GiB is damaged', 'block_size', '2147483648', u32(12, 2 ** 31)],
    ['with two block sizes is damaged', 'block_log', '18', u16(22, 18)],
    ['with an absurd logarithm is damaged', 'block_log', '65535', u16(22, 65535)],
    ['of nobody is damaged', 'no_ids', '0', u16(26, 0)],
    ['with the root inode across blocks is damaged', 'root_inode', '8193', u64(32, 8193n)],
    ['smaller than its superblock is damaged', 'bytes_used', '95', u64(40, 95n)],
    ['with owners behind the end is damaged', 'id_table_start', String(2n ** 40n), u64(48, 2n ** 40n)],
    [
      'with directories behind the owners is damaged',
      'directory_table_start',
      String(2n ** 40n),
      u64(72, 2n ** 40n),
    ],
    [
      'with inodes behind the directories is damaged',
      'inode_table_start',
      String(2n ** 64n - 1n),
      u64(64, 2n ** 64n - 1n),
    ],
  ])('a squashfs %s', (_, field, found, edit) => {
    expect(identify(watch(changed(image, edit)))).toEqual({
      kind: 'damaged',
      type: 'squashfs',
      field,
      found,
      wanted: expect.stringMatching(/./),
    });
  });

  test.each([2n ** 63n, 2n ** 64n - 1n, 4097n])('a squashfs that claims %d bytes is truncated', (size) => {
    expect(identify(watch(changed(image, u64(40, size), 4096n)))).toEqual({
      kind: 'truncated',
      type: 'squashfs',
      size,
      available: 4096n,
    });
  });

  test.each([4, 50, 95])('a squashfs of which only %d bytes are there is truncated', (size) => {
    expect(identify(watch(cut(image, size)))).toEqual({
      kind: 'truncated',
      type: 'squashfs',
      size: 96n,
      available: BigInt(size),
    });
  });

  test('a squashfs without its last byte is truncated', () => {
    const size = image.bytes.readBigUInt64LE(40);
    const content = identify(watch({ bytes: image.bytes, size: size - 1n }));
    expect(content).toEqual({ kind: 'truncated', type: 'squashfs', size, available: size - 1n });
  });

  test('a squashfs of a big-endian machine is none that the kernel knows', () => {
    expect(identify(watch(changed(image, (bytes) => bytes.write('sqsh'))))).toMatchObject({
      kind: 'unknown',
    });
  });
});
