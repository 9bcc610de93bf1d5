import { crc32c } from '../../../src/images/crc32c.js';
import { identify, identifyFile } from '../../../src/images/identify.js';
import { changed, cut, type ImageStart, watch } from '../../support/image-bytes.js';
import { imageScratch } from '../../support/image-scratch.js';

const UUID = '6d1f9a1e-5f0b-4b53-9d38-4f0f2a6c7e11';

const scratch = imageScratch();
let image: ImageStart;
beforeAll(() => {
  image = scratch.load('erofs', { uuid: UUID });
});

/** Puts the right checksum in, over the rest of a block of the given size. */
function seal(bytes: Buffer, blockSize = 4096): void {
  bytes.writeUInt32LE(0, 1028);
  bytes.writeUInt32LE(crc32c(bytes.subarray(1024, Math.max(blockSize, 1024 + (blockSize % 1024)))), 1028);
}

describe('as mkfs.erofs makes it', () => {
  test('uncompressed', () => {
    expect(identify(watch(image))).toEqual({
      kind: 'file-system',
      type: 'erofs',
      uuid: UUID,
      label: null,
      size: image.size,
    });
  });

  test.each([
    ['compressed', ['-zlz4hc']],
    ['with packed tails', ['-zlz4', '-Eztailpacking']],
    ['with fragments', ['-zlz4', '-Eall-fragments']],
    ['in chunks', ['--chunksize=4096']],
    ['as old kernels read it', ['-zlz4', '-Elegacy-compress']],
    ['without a checksum', ['-Enosbcrc']],
  ])('%s', (_, args) => {
    expect(identifyFile(scratch.make('erofs', { args }))).toMatchObject({
      kind: 'file-system',
      type: 'erofs',
      size: expect.any(BigInt),
    });
  });

  test('with a label', () => {
    const labelled = changed(image, (bytes) => {
      bytes.write('größe\0junk', 1024 + 64);
      seal(bytes);
    });
    expect(identify(watch(labelled))).toMatchObject({ kind: 'file-system', label: 'größe' });
  });
});

/** Made from the real one, since mkfs.erofs makes no blocks larger than a page of the machine it runs on. */
describe('block sizes', () => {
  const withBlockSize = (size: number) =>
    changed({ bytes: Buffer.concat([image.bytes, Buffer.alloc(65536)]), size: 2n ** 20n }, (bytes) => {
      bytes.writeUInt8(Math.log2(size), 1024 + 12);
      bytes.writeUInt32LE(3, 1024 + 36);
      if (size <= 1024) {
        bytes.writeUInt32LE(0, 1028);
        bytes.writeUInt32LE(crc32c(bytes.subarray(1024, 1024 + size)), 1028);
      } else {
        seal(bytes, size);
      }
    });

  test.each([512, 1024, 2048, 4096, 8192, 16384, 65536])('%d', (size) => {
    const content = identify(watch(withBlockSize(size)));
    expect(content).toMatchObject({ kind: 'file-system', size: BigInt(3 * size) });
  });

  test.each([512, 1024, 2048, 4096, 16384, 65536])(
    'the checksum counts to the end of a block of %d',
    (size) => {
      const end = size <= 1024 ? 1024 + size : size;
      const flip = (at: number) =>
        identify(watch(changed(withBlockSize(size), (bytes) => bytes.writeUInt8(bytes[at]! ^ 1, at))));
      expect(flip(end - 1)).toMatchObject({ kind: 'damaged', field: 'checksum' });
      expect(flip(end)).toMatchObject({ kind: 'file-system' });
    },
  );

  test('more than 2^32 blocks', () => {
    const content = identify(
      watch(
        changed(image, (bytes) => {
          bytes.writeUInt32LE(0x80, 1024 + 80); // feature_incompat: 48BIT
          bytes.writeUInt16LE(1, 1024 + 14); // blocks_hi
          bytes.writeBigUInt64LE(36n, 1024 + 112); // rootnid_8b
          seal(bytes);
        }),
      ),
    );
    expect(content).toMatchObject({ kind: 'truncated', size: 2n ** 44n + image.size });
  });
});

describe('attacks and accidents', () => {
  test.each([
    ['blocks of 256 bytes', 8],
    ['blocks of 128 KiB', 17],
    ['blocks of 2^255 bytes', 255],
  ])('an erofs with %s is damaged', (_, bits) => {
    const content = identify(watch(changed(image, (bytes) => bytes.writeUInt8(bits, 1024 + 12))));
    expect(content).toMatchObject({
      kind: 'damaged',
      type: 'erofs',
      field: 'blkszbits',
      found: String(bits),
    });
  });

  test('an erofs with larger blocks for directories is damaged', () => {
    const content = identify(watch(changed(image, (bytes) => bytes.writeUInt8(1, 1024 + 90))));
    expect(content).toMatchObject({ kind: 'damaged', field: 'dirblkbits', found: '1', wanted: '0' });
  });

  test('an erofs with a wrong checksum is damaged', () => {
    const right = `0x${image.bytes.readUInt32LE(1028).toString(16).padStart(8, '0')}`;
    const content = identify(watch(changed(image, (bytes) => bytes.writeUInt32LE(0xbad, 1028))));
    expect(content).toEqual({
      kind: 'damaged',
      type: 'erofs',
      field: 'checksum',
      found: '0x00000bad',
      wanted: right,
    });
  });

  test('an erofs that claims 2^32 - 1 blocks is truncated', () => {
    const content = identify(
      watch(
        changed(image, (bytes) => {
          bytes.writeUInt32LE(2 ** 32 - 1, 1024 + 36);
          seal(bytes);
        }),
      ),
    );
    expect(content).toEqual({
      kind: 'truncated',
      type: 'erofs',
      size: (2n ** 32n - 1n) * 4096n,
      available: image.size,
    });
  });

  test.each([1028, 1100, 1152, 4095])('an erofs of which only %d bytes are there is truncated', (size) => {
    const content = identify(watch(cut(image, size)));
    expect(content).toMatchObject({ kind: 'truncated', type: 'erofs', available: BigInt(size) });
  });

  test('an erofs that does not say its size, and ends in its first block, is truncated', () => {
    const silent = changed(image, (bytes) => bytes.writeUInt32LE(0, 1024 + 36));
    const content = identify(watch(cut(silent, 2000)));
    expect(content).toEqual({ kind: 'truncated', type: 'erofs', size: 4096n, available: 2000n });
  });

  test('an erofs that does not say its size is as good as any', () => {
    const silent = changed(image, (bytes) => {
      bytes.writeUInt32LE(0, 1024 + 36);
      seal(bytes);
    });
    expect(identify(watch(silent))).toMatchObject({ kind: 'file-system', size: null });
  });
});
