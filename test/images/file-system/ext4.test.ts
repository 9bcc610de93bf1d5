import { crc32c } from '../../../src/images/crc32c.js';
import { identify, identifyFile } from '../../../src/images/identify.js';
import { changed, cut, type ImageStart, watch } from '../../support/image-bytes.js';
import { imageScratch } from '../../support/image-scratch.js';

const UUID = '6d1f9a1e-5f0b-4b53-9d38-4f0f2a6c7e11';
const SIZE = 16 * 1024 * 1024;

const scratch = imageScratch();
/** With a checksum in the superblock, and one without. */
let image: ImageStart;
let plain: ImageStart;
beforeAll(() => {
  image = scratch.load('ext4', { size: SIZE, uuid: UUID, label: 'größe' });
  plain = scratch.load('ext4', { size: SIZE, args: ['-O', '^metadata_csum'] });
});

describe('as mke2fs makes it', () => {
  test('with a UUID and a label', () => {
    expect(identify(watch(image))).toEqual({
      kind: 'file-system',
      type: 'ext4',
      uuid: UUID,
      label: 'größe',
      size: BigInt(SIZE),
    });
  });

  test('a label as long as its field', () => {
    const file = scratch.make('ext4', { label: '0123456789abcdef' });
    expect(identifyFile(file)).toMatchObject({ label: '0123456789abcdef' });
  });

  test('a label that is cut within a character', () => {
    const odd = changed(plain, (bytes) => bytes.write('0123456789abcdeß', 1024 + 0x78, 16, 'latin1'));
    expect(identify(watch(odd))).toMatchObject({ label: '0123456789abcde\ufffd' });
  });

  test.each([
    ['ext2', ['-t', 'ext2']],
    ['ext2 of revision 0', ['-t', 'ext2', '-r', '0', '-O', 'none']],
    ['ext3', ['-t', 'ext3']],
    ['blocks of 1024 bytes', ['-b', '1024']],
    ['blocks of 2048 bytes', ['-b', '2048']],
    ['blocks of 4096 bytes', ['-b', '4096']],
    ['clusters', ['-b', '4096', '-O', 'bigalloc', '-C', '65536']],
    ['inodes of 128 bytes', ['-I', '128']],
    ['32-bit block numbers', ['-O', '^64bit']],
    ['neither checksums nor journal', ['-O', '^metadata_csum,^has_journal']],
  ])('%s', (_, args) => {
    expect(identifyFile(scratch.make('ext4', { size: SIZE, args }))).toMatchObject({
      kind: 'file-system',
      type: 'ext4',
      size: BigInt(SIZE),
    });
  });

  test('an external journal has no files', () => {
    const file = scratch.make('ext4', { size: SIZE, args: ['-O', 'journal_dev'] });
    expect(identifyFile(file)).toMatchObject({ kind: 'damaged', field: 's_feature_incompat' });
  });
});

describe('attacks and accidents', () => {
  const u16 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt16LE(value, 1024 + at);
  const u32 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt32LE(value, 1024 + at);

  test.each([
    ['of revision 2', 's_rev_level', '2', u32(0x4c, 2)],
    ['with blocks of 128 KiB', 's_log_block_size', '7', u32(0x18, 7)],
    ['with blocks of 2^4294967305 bytes', 's_log_block_size', '4294967295', u32(0x18, 2 ** 32 - 1)],
    ['with inodes of 100 bytes', 's_inode_size', '100', u16(0x58, 100)],
    ['with inodes larger than a block', 's_inode_size', '32768', u16(0x58, 32768)],
    ['with groups of no blocks', 's_blocks_per_group', '0', u32(0x20, 0)],
    ['with groups of more blocks than a bitmap has bits', 's_blocks_per_group', '65536', u32(0x20, 65536)],
    ['with groups of no inodes', 's_inodes_per_group', '0', u32(0x28, 0)],
    ['with groups of 2^31 inodes', 's_inodes_per_group', '2147483648', u32(0x28, 2 ** 31)],
    ['with descriptors of 63 bytes', 's_desc_size', '63', u16(0xfe, 63)],
    ['that begins behind its end', 's_first_data_block', '4294967295', u32(0x14, 2 ** 32 - 1)],
    [
      'with a checksum nobody knows',
      's_checksum_type',
      '2',
      (bytes: Buffer) => bytes.writeUInt8(2, 1024 + 0x175),
    ],
    ['with a wrong checksum', 's_checksum', '0x00000bad', u32(0x3fc, 0xbad)],
    ['with one bit flipped', 's_checksum', expect.any(String), u32(0x8, 12345)],
  ])('an ext4 %s is damaged', (_, field, found, edit) => {
    expect(identify(watch(changed(image, edit)))).toEqual({
      kind: 'damaged',
      type: 'ext4',
      field,
      found,
      wanted: expect.stringMatching(/./),
    });
  });

  test('an ext4 of no blocks is damaged', () => {
    const content = identify(watch(changed(plain, u32(0x4, 0))));
    expect(content).toMatchObject({ kind: 'damaged', field: 's_blocks_count', found: '0' });
  });

  test('an ext4 that claims 2^64 - 1 blocks is truncated', () => {
    const huge = changed(image, (bytes) => {
      u32(0x4, 2 ** 32 - 1)(bytes);
      u32(0x150, 2 ** 32 - 1)(bytes);
      u32(0x3fc, crc32c(bytes.subarray(1024, 1024 + 0x3fc)))(bytes);
    });
    expect(identify(watch(huge))).toEqual({
      kind: 'truncated',
      type: 'ext4',
      size: (2n ** 64n - 1n) * 1024n,
      available: BigInt(SIZE),
    });
  });

  test('the upper half of the number of blocks does not count without the feature for it', () => {
    const narrow = scratch.load('ext4', { size: SIZE, args: ['-O', '^64bit,^metadata_csum'] });
    const content = identify(watch(changed(narrow, u32(0x150, 1))));
    expect(content).toMatchObject({ kind: 'file-system', size: BigInt(SIZE) });
  });

  test.each([1024 + 0x50, 2047])('an ext4 of which only %d bytes are there is truncated', (size) => {
    expect(identify(watch(cut(image, size)))).toEqual({
      kind: 'truncated',
      type: 'ext4',
      size: 2048n,
      available: BigInt(size),
    });
  });

  test('an ext4 without its last byte is truncated', () => {
    const content = identify(watch({ ...image, size: image.size - 1n }));
    expect(content).toMatchObject({ kind: 'truncated', available: BigInt(SIZE - 1) });
  });

  test('two bytes that are the magic by chance make no ext4', () => {
    const noise = Buffer.alloc(4096, 0xa5);
    noise.writeUInt16LE(0xef53, 1024 + 0x38);
    expect(identify(watch({ bytes: noise, size: 4096n }))).toEqual({
      kind: 'unknown',
      start: 'a5'.repeat(8),
    });
  });
});
