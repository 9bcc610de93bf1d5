import { type ByteReader, bufferReader } from '../../../src/images/byte-reader.js';
import { verifyHashTree } from '../../../src/images/verity/hash-tree.js';
import { describeWithTrees, makeTree, noise, type Protected } from './make-tree.js';

const verify = ({ data, tree, rootHash }: Protected) =>
  verifyHashTree(bufferReader(data), bufferReader(tree), rootHash);

describeWithTrees('trees of veritysetup', () => {
  test.each<[string, number, number, string[]]>([
    ['one block and no level', 4096, 4096, []],
    ['two blocks', 2, 4096, []],
    ['one full hash block', 128, 4096, []],
    ['one block more than a hash block has digests for', 129, 4096, []],
    ['three levels', 300, 512, ['--data-block-size=512', '--hash-block-size=512']],
    ['no salt', 9, 4096, ['--salt=-']],
    ['the longest salt', 9, 4096, [`--salt=${'5a'.repeat(256)}`]],
    ['sha1, with gaps between digests', 150, 4096, ['--hash=sha1']],
    ['sha384', 150, 4096, ['--hash=sha384']],
    ['sha512', 150, 4096, ['--hash=sha512']],
    ['Chrome OS', 150, 4096, ['--format=0', '--hash=sha1']],
    ['data blocks smaller than hash blocks', 300, 1024, ['--data-block-size=1024']],
    ['data blocks larger than hash blocks', 40, 4096, ['--hash-block-size=512']],
    ['blocks of 64 KiB', 5, 65536, ['--data-block-size=65536', '--hash-block-size=65536']],
  ])('%s', (_, count, size, options) => {
    const blocks = size === count ? 1 : count;
    const image = makeTree(noise(blocks * size), options);
    expect(verify(image)).toEqual({ kind: 'verified', bytes: BigInt(blocks * size), blocks });
  });

  test('many chunks', () => {
    const image = makeTree(noise(5 * 1024 * 1024 + 4096));
    expect(verify(image)).toMatchObject({ kind: 'verified', blocks: 1281 });
    image.data[3_000_000]! ^= 1;
    expect(verify(image)).toEqual({ kind: 'mismatch', where: 'data', level: 0, block: 732 });
  });

  describe('what is wrong is told', () => {
    let right: Protected;
    beforeAll(() => {
      right = makeTree(noise(200 * 512), ['--data-block-size=512', '--hash-block-size=512', '--salt=01']);
    });
    // 16 digests a block: 13 blocks, over them 1, at block 1; data follows from block 2 on.
    const changed = (name: 'data' | 'tree' | 'rootHash', at: number): Protected => {
      const copy = Buffer.from(right[name]);
      copy[at]! ^= 0x10;
      return { ...right, [name]: copy };
    };

    test.each<[string, 'data' | 'tree' | 'rootHash', number, object]>([
      ['root hash', 'rootHash', 31, { where: 'root-hash', level: 1, block: 0 }],
      ['salt', 'tree', 88, { where: 'root-hash', level: 1, block: 0 }],
      ['top of the tree', 'tree', 512, { where: 'root-hash', level: 1, block: 0 }],
      ['behind the last digest of the top', 'tree', 1023, { where: 'root-hash', level: 1, block: 0 }],
      ['lowest level', 'tree', 2 * 512 + 3 * 512, { where: 'tree', level: 0, block: 3 }],
      ['behind the last digest', 'tree', 15 * 512 - 1, { where: 'tree', level: 0, block: 12 }],
      ['first byte', 'data', 0, { where: 'data', level: 0, block: 0 }],
      ['last byte', 'data', 200 * 512 - 1, { where: 'data', level: 0, block: 199 }],
    ])('%s', (_, name, at, verdict) => {
      expect(verify(changed(name, at))).toEqual({ kind: 'mismatch', ...verdict });
    });

    test('a root hash of another length', () => {
      expect(verify({ ...right, rootHash: right.rootHash.subarray(0, 20) })).toEqual({
        kind: 'root-hash-size',
        algorithm: 'sha256',
        found: 20,
        wanted: 32,
      });
    });

    test('data that is cut off', () => {
      expect(verify({ ...right, data: right.data.subarray(1) })).toEqual({
        kind: 'too-short',
        which: 'data',
        size: 102400n,
        available: 102399n,
      });
    });

    test('a tree that is cut off', () => {
      expect(verify({ ...right, tree: right.tree.subarray(0, 15 * 512 - 1) })).toEqual({
        kind: 'too-short',
        which: 'tree',
        size: 7680n,
        available: 7679n,
      });
    });

    test('data that goes on is not vouched for', () => {
      const longer = Buffer.concat([right.data, Buffer.alloc(512)]);
      expect(verify({ ...right, data: longer })).toEqual({ kind: 'verified', bytes: 102400n, blocks: 200 });
    });

    test('fewer blocks than the tree was made for', () => {
      const tree = Buffer.from(right.tree);
      tree.writeBigUInt64LE(199n, 72);
      // The kernel would take it: all digests that are left are right.
      expect(verify({ ...right, tree })).toEqual({
        kind: 'mismatch',
        where: 'spare-area',
        level: 0,
        block: 12,
      });
    });

    test('a tree that goes on', () => {
      const longer = Buffer.concat([right.tree, Buffer.alloc(512, 1)]);
      expect(verify({ ...right, tree: longer }).kind).toBe('verified');
    });

    test('a file that becomes shorter while it is read', () => {
      const zeros = makeTree(Buffer.alloc(8192), ['--data-block-size=512', '--hash-block-size=512']);
      const shrinks = (bytes: Buffer, size: number): ByteReader => ({
        size: BigInt(bytes.length),
        read: (offset, length) => bufferReader(bytes.subarray(0, size)).read(offset, length),
      });
      const { data, tree, rootHash } = zeros;
      expect(verifyHashTree(shrinks(data, 8000), bufferReader(tree), rootHash)).toMatchObject({
        kind: 'mismatch',
        where: 'data',
        block: 15,
      });
      expect(verifyHashTree(bufferReader(data), shrinks(tree, 600), rootHash)).toMatchObject({
        kind: 'mismatch',
        where: 'root-hash',
      });
    });
  });
});

test('a tree of one block: the root hash is the digest of the data', () => {
  const tree = Buffer.alloc(512);
  tree.write('verity', 0);
  tree.writeUInt32LE(1, 8);
  tree.writeUInt32LE(1, 12);
  tree.write('sha256', 32);
  tree.writeUInt32LE(512, 64);
  tree.writeUInt32LE(512, 68);
  tree.writeBigUInt64LE(1n, 72);
  // sha256sum of 512 zeros
  const hex = '076a27c79e5ace2a3d47f9dd2e83e4ff6ea8872b3c2218f66c92b89b55f36560';
  const check = (data: Buffer) =>
    verifyHashTree(bufferReader(data), bufferReader(tree), Buffer.from(hex, 'hex'));
  expect(check(Buffer.alloc(512))).toEqual({ kind: 'verified', bytes: 512n, blocks: 1 });
  expect(check(Buffer.alloc(512, 1))).toEqual({ kind: 'mismatch', where: 'root-hash', level: 0, block: 0 });
});

test('sizes in the superblock take no memory', () => {
  const tree = Buffer.alloc(512);
  tree.write('verity', 0);
  tree.writeUInt32LE(1, 8);
  tree.writeUInt32LE(1, 12);
  tree.write('sha256', 32);
  tree.writeUInt32LE(4096, 64);
  tree.writeUInt32LE(4096, 68);
  tree.writeBigUInt64LE(BigInt(Number.MAX_SAFE_INTEGER), 72);
  expect(verifyHashTree(bufferReader(Buffer.alloc(0)), bufferReader(tree), Buffer.alloc(32))).toMatchObject({
    kind: 'too-short',
    which: 'tree',
  });
});
