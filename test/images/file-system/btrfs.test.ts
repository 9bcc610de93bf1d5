import { crc32c } from '../../../src/images/crc32c.js';
import { identify, identifyFile } from '../../../src/images/identify.js';
import { changed, cut, type ImageStart, watch } from '../../support/image-bytes.js';
import { imageScratch } from '../../support/image-scratch.js';

const UUID = '6d1f9a1e-5f0b-4b53-9d38-4f0f2a6c7e11';
const SUPERBLOCK = 65536;

const scratch = imageScratch();
let image: ImageStart;
beforeAll(() => {
  image = scratch.load('btrfs', { uuid: UUID, label: 'größe' });
});

describe('as mkfs.btrfs makes it', () => {
  test('with a UUID and a label', () => {
    expect(identify(watch(image))).toEqual({
      kind: 'file-system',
      type: 'btrfs',
      uuid: UUID,
      label: 'größe',
      size: image.size,
    });
  });

  test.each([
    ['nodes of 64 KiB', ['--nodesize', '65536']],
    ['sectors of 16 KiB', ['--sectorsize', '16384']],
    ['mixed block groups', ['--mixed']],
    ['xxhash', ['--csum', 'xxhash']],
    ['sha256', ['--csum', 'sha256']],
    ['blake2', ['--csum', 'blake2']],
  ])('with %s', (_, args) => {
    const content = identifyFile(scratch.make('btrfs', { args }));
    expect(content).toMatchObject({ kind: 'file-system', type: 'btrfs', label: null });
  });

  test('a label as long as its field', () => {
    // mkfs.btrfs keeps the last two bytes zero, the kernel needs none.
    const label = 'x'.repeat(256);
    const full = changed(image, (bytes) => {
      bytes.write(label, SUPERBLOCK + 0x12b);
      bytes.writeUInt32LE(~crc32c(bytes.subarray(SUPERBLOCK + 0x20, SUPERBLOCK + 4096)) >>> 0, SUPERBLOCK);
    });
    expect(identify(watch(full))).toMatchObject({ kind: 'file-system', label });
  });

  test('of a fixed size', () => {
    const size = 128 * 1024 * 1024;
    const content = identifyFile(scratch.make('btrfs', { size }));
    expect(content).toMatchObject({ kind: 'file-system', size: BigInt(size) });
  });
});

describe('attacks and accidents', () => {
  const u8 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt8(value, SUPERBLOCK + at);
  const u16 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt16LE(value, SUPERBLOCK + at);
  const u32 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt32LE(value, SUPERBLOCK + at);
  const u64 = (at: number, value: bigint) => (bytes: Buffer) =>
    bytes.writeBigUInt64LE(value, SUPERBLOCK + at);

  test.each([
    ['with a checksum nobody knows', 'csum_type', '4', u16(0xc4, 4)],
    ['that is a copy from elsewhere', 'bytenr', String(64n * 2n ** 20n), u64(0x30, 64n * 2n ** 20n)],
    ['without devices', 'num_devices', '0', u64(0x88, 0n)],
    ['with sectors of no bytes', 'sectorsize', '0', u32(0x90, 0)],
    ['with sectors of 2 GiB', 'sectorsize', '2147483648', u32(0x90, 2 ** 31)],
    ['with nodes smaller than a sector', 'nodesize', '2048', u32(0x94, 2048)],
    ['with nodes of 128 KiB', 'nodesize', '131072', u32(0x94, 131072)],
    ['with a root tree of 8 levels', 'root_level', '8', u8(0xc6, 8)],
    ['with a chunk tree of 255 levels', 'chunk_root_level', '255', u8(0xc7, 255)],
    ['with a log tree of 8 levels', 'log_root_level', '8', u8(0xc8, 8)],
    ['without system chunks', 'sys_chunk_array_size', '0', u32(0xa0, 0)],
    ['with more system chunks than the superblock holds', 'sys_chunk_array_size', '2049', u32(0xa0, 2049)],
    ['on a device of no bytes', 'dev_item.total_bytes', '0', u64(0xd1, 0n)],
    ['with a wrong checksum', 'csum', '0x00000bad', u32(0, 0xbad)],
    ['with one byte changed', 'csum', expect.any(String), u8(4095, 1)],
  ])('a btrfs %s is damaged', (_, field, found, edit) => {
    expect(identify(watch(changed(image, edit)))).toEqual({
      kind: 'damaged',
      type: 'btrfs',
      field,
      found,
      wanted: expect.stringMatching(/./),
    });
  });

  test('a btrfs that claims a device of 2^64 - 1 bytes is truncated', () => {
    const huge = changed(image, (bytes) => {
      u64(0xd1, 2n ** 64n - 1n)(bytes);
      u32(0, ~crc32c(bytes.subarray(SUPERBLOCK + 0x20, SUPERBLOCK + 4096)) >>> 0)(bytes);
    });
    expect(identify(watch(huge))).toEqual({
      kind: 'truncated',
      type: 'btrfs',
      size: 2n ** 64n - 1n,
      available: image.size,
    });
  });

  test.each([SUPERBLOCK + 0x48, SUPERBLOCK + 4095])(
    'a btrfs of which only %d bytes are there is truncated',
    (size) => {
      expect(identify(watch(cut(image, size)))).toEqual({
        kind: 'truncated',
        type: 'btrfs',
        size: 69632n,
        available: BigInt(size),
      });
    },
  );

  test('a btrfs without its last byte is truncated', () => {
    const content = identify(watch({ ...image, size: image.size - 1n }));
    expect(content).toMatchObject({ kind: 'truncated', size: image.size });
  });

  test('a btrfs that ends before its superblock is nothing we know', () => {
    expect(identify(watch(cut(image, SUPERBLOCK)))).toMatchObject({ kind: 'zeros' });
  });
});
