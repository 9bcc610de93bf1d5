import { bufferReader } from '../../../src/images/byte-reader.js';
import { readSuperblock } from '../../../src/images/verity/superblock.js';
import { describeWithTrees, makeTree, noise } from './make-tree.js';

/** As `veritysetup format` writes it. */
function superblock(change: (bytes: Buffer) => void = () => {}): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write('verity', 0);
  bytes.writeUInt32LE(1, 8);
  bytes.writeUInt32LE(1, 12);
  bytes.fill(0x11, 16, 32);
  bytes.write('sha256', 32);
  bytes.writeUInt32LE(4096, 64);
  bytes.writeUInt32LE(1024, 68);
  bytes.writeBigUInt64LE(7n, 72);
  bytes.writeUInt16LE(3, 80);
  bytes.write('abc', 88);
  change(bytes);
  return bytes;
}

const read = (bytes: Buffer) => readSuperblock(bufferReader(bytes));

const RIGHT = {
  kind: 'superblock',
  hashType: 1,
  uuid: '11111111-1111-1111-1111-111111111111',
  algorithm: 'sha256',
  dataBlockSize: 4096,
  hashBlockSize: 1024,
  dataBlocks: 7,
  salt: Buffer.from('abc'),
};

test('every field', () => {
  expect(read(superblock())).toEqual(RIGHT);
});

describe('a field that breaks a rule', () => {
  test.each<[string, string, (bytes: Buffer) => void]>([
    ['signature', '7665726974790001', (bytes) => bytes.writeUInt8(1, 7)],
    ['version', '2', (bytes) => bytes.writeUInt32LE(2, 8)],
    ['hash_type', '2', (bytes) => bytes.writeUInt32LE(2, 12)],
    ['algorithm', 'md5', (bytes) => bytes.write('md5\0', 32)],
    ['algorithm', 'SHA256', (bytes) => bytes.write('SHA256', 32)],
    ['algorithm', '', (bytes) => bytes.fill(0, 32, 64)],
    ['algorithm', 'constructor', (bytes) => bytes.write('constructor', 32)],
    ['algorithm', 'x'.repeat(32), (bytes) => bytes.fill('x', 32, 64)],
    ['data_block_size', '0', (bytes) => bytes.writeUInt32LE(0, 64)],
    ['data_block_size', '256', (bytes) => bytes.writeUInt32LE(256, 64)],
    ['data_block_size', '1536', (bytes) => bytes.writeUInt32LE(1536, 64)],
    ['data_block_size', '1048576', (bytes) => bytes.writeUInt32LE(1048576, 64)],
    ['hash_block_size', '4294967295', (bytes) => bytes.writeUInt32LE(0xffffffff, 68)],
    ['data_blocks', '0', (bytes) => bytes.writeBigUInt64LE(0n, 72)],
    ['data_blocks', '18446744073709551615', (bytes) => bytes.fill(0xff, 72, 80)],
    ['salt_size', '257', (bytes) => bytes.writeUInt16LE(257, 80)],
  ])('%s: %s', (field, found, change) => {
    expect(read(superblock(change))).toMatchObject({ kind: 'damaged-superblock', field, found });
  });

  test.each([0, 7, 8, 511])('cut off after %d bytes', (length) => {
    expect(read(superblock().subarray(0, length))).toMatchObject({ kind: 'damaged-superblock' });
  });
});

describe('what does not count', () => {
  test.each<[string, object, (bytes: Buffer) => void]>([
    ['no UUID', { uuid: null }, (bytes) => bytes.fill(0, 16, 32)],
    ['after the name of the algorithm', {}, (bytes) => bytes.fill(0xff, 39, 64)],
    ['after the salt', {}, (bytes) => bytes.fill(0xff, 91, 344)],
    ['padding', {}, (bytes) => bytes.fill(0xff, 82, 88).fill(0xff, 344)],
  ])('%s', (_, difference, change) => {
    expect(read(superblock(change))).toEqual({ ...RIGHT, ...difference });
  });
});

test('a salt as long as its field', () => {
  const full = superblock((bytes) => bytes.fill('s', 88, 344).writeUInt16LE(256, 80));
  expect(read(full)).toEqual({ ...RIGHT, salt: Buffer.alloc(256, 's') });
});

describeWithTrees('of veritysetup', () => {
  test('as asked for', () => {
    const { tree } = makeTree(noise(8192), [
      '--hash=sha512',
      '--data-block-size=1024',
      '--hash-block-size=512',
      '--salt=0102',
      '--uuid=6d1f9a1e-5f0b-4b53-9d38-4f0f2a6c7e11',
      '--format=0',
    ]);
    expect(read(tree)).toEqual({
      kind: 'superblock',
      hashType: 0,
      uuid: '6d1f9a1e-5f0b-4b53-9d38-4f0f2a6c7e11',
      algorithm: 'sha512',
      dataBlockSize: 1024,
      hashBlockSize: 512,
      dataBlocks: 8,
      salt: Buffer.from([1, 2]),
    });
  });
});
