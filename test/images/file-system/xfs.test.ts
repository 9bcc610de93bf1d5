import { crc32c } from '../../../src/images/crc32c.js';
import { identify, identifyFile } from '../../../src/images/identify.js';
import { changed, cut, type ImageStart, watch } from '../../support/image-bytes.js';
import { imageScratch } from '../../support/image-scratch.js';

const UUID = '6d1f9a1e-5f0b-4b53-9d38-4f0f2a6c7e11';
const SIZE = 16 * 1024 * 1024;
/** The log takes more room if blocks or sectors are large. */
const LARGE = 300 * 1024 * 1024;

const scratch = imageScratch();
let image: ImageStart;
beforeAll(() => {
  image = scratch.load('xfs', { size: SIZE, uuid: UUID, label: 'größe' });
});

/** Puts the right checksum in, over a sector of the given size. */
function seal(bytes: Buffer, sectorSize = 512): void {
  bytes.writeUInt32LE(0, 224);
  bytes.writeUInt32LE(~crc32c(bytes.subarray(0, sectorSize)) >>> 0, 224);
}

describe('as mkfs.xfs makes it', () => {
  test('with a UUID and a label', () => {
    expect(identify(watch(image))).toEqual({
      kind: 'file-system',
      type: 'xfs',
      uuid: UUID,
      label: 'größe',
      size: BigInt(SIZE),
    });
  });

  test.each([
    ['version 4, without checksums', ['-m', 'crc=0']],
    ['blocks of 1024 bytes', ['-b', 'size=1024']],
    ['blocks of 64 KiB', ['-b', 'size=65536']],
    ['sectors of 4096 bytes', ['-s', 'size=4096']],
    ['sectors of 32 KiB', ['-s', 'size=32768', '-b', 'size=32768']],
    ['inodes of 2048 bytes', ['-i', 'size=2048']],
    ['2 allocation groups', ['-d', 'agcount=2']],
  ])('with %s', (_, args) => {
    const content = identifyFile(scratch.make('xfs', { args, size: LARGE }));
    expect(content).toMatchObject({ kind: 'file-system', type: 'xfs', size: BigInt(LARGE) });
  });

  test('a label as long as its field', () => {
    expect(identifyFile(scratch.make('xfs', { label: '0123456789ab' }))).toMatchObject({
      label: '0123456789ab',
    });
  });
});

describe('attacks and accidents', () => {
  const u8 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt8(value, at);
  const u16 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt16BE(value, at);
  const u32 = (at: number, value: number) => (bytes: Buffer) => bytes.writeUInt32BE(value, at);
  const u64 = (at: number, value: bigint) => (bytes: Buffer) => bytes.writeBigUInt64BE(value, at);

  test.each([
    ['of version 3', 'sb_versionnum', '3', u16(100, 0xb4a3)],
    ['of version 6', 'sb_versionnum', '6', u16(100, 0xb4a6)],
    ['that mkfs.xfs did not finish', 'sb_inprogress', '1', u8(126, 1)],
    ['with sectors of 256 bytes', 'sb_sectsize', '256', u16(102, 256)],
    ['with sectors of 65535 bytes', 'sb_sectsize', '65535', u16(102, 65535)],
    ['with two sector sizes', 'sb_sectlog', '12', u8(121, 12)],
    ['with blocks of no bytes', 'sb_blocksize', '0', u32(4, 0)],
    ['with blocks of 512 bytes, too small for checksums', 'sb_blocksize', '512', u32(4, 512)],
    ['with blocks of 2 GiB', 'sb_blocksize', '2147483648', u32(4, 2 ** 31)],
    ['with two block sizes', 'sb_blocklog', '255', u8(120, 255)],
    ['with inodes of 300 bytes', 'sb_inodesize', '300', u16(104, 300)],
    ['with two inode sizes', 'sb_inodelog', '8', u8(122, 8)],
    ['without allocation groups', 'sb_agcount', '0', u32(88, 0)],
    ['with allocation groups of 63 blocks', 'sb_agblocks', '63', u32(84, 63)],
    ['of no blocks', 'sb_dblocks', '0', u64(8, 0n)],
    ['with more blocks than groups have', 'sb_dblocks', String(2n ** 63n), u64(8, 2n ** 63n)],
    ['with a wrong checksum', 'sb_crc', '0x00000bad', (bytes: Buffer) => bytes.writeUInt32LE(0xbad, 224)],
    ['with one byte changed', 'sb_crc', expect.any(String), u8(511, 1)],
  ])('an xfs %s is damaged', (_, field, found, edit) => {
    expect(identify(watch(changed(image, edit)))).toEqual({
      kind: 'damaged',
      type: 'xfs',
      field,
      found,
      wanted: expect.stringMatching(/./),
    });
  });

  test('an xfs that claims 2^64 - 2^33 + 1 blocks is truncated', () => {
    const huge = changed(image, (bytes) => {
      const most = 2 ** 32 - 1;
      u32(84, most)(bytes);
      u32(88, most)(bytes);
      u64(8, BigInt(most) ** 2n)(bytes);
      seal(bytes);
    });
    expect(identify(watch(huge))).toEqual({
      kind: 'truncated',
      type: 'xfs',
      size: (2n ** 32n - 1n) ** 2n * 4096n,
      available: BigInt(SIZE),
    });
  });

  test.each([4, 100, 511])('an xfs of which only %d bytes are there is truncated', (size) => {
    expect(identify(watch(cut(image, size)))).toEqual({
      kind: 'truncated',
      type: 'xfs',
      size: 512n,
      available: BigInt(size),
    });
  });

  test('an xfs that ends within its first sector is truncated', () => {
    const large = scratch.load('xfs', { args: ['-s', 'size=32768', '-b', 'size=32768'], size: LARGE });
    expect(identify(watch(cut(large, 10000)))).toEqual({
      kind: 'truncated',
      type: 'xfs',
      size: BigInt(LARGE),
      available: 10000n,
    });
  });

  test('the checksum counts to the end of a sector of 32 KiB', () => {
    const large = scratch.load('xfs', { args: ['-s', 'size=32768', '-b', 'size=32768'], size: LARGE });
    const flip = (at: number) => identify(watch(changed(large, u8(at, 1))));
    expect(flip(32767)).toMatchObject({ kind: 'damaged', field: 'sb_crc' });
  });
});
