import fc from 'fast-check';
import { bufferReader } from '../../../src/images/byte-reader.js';
import { verifyHashTree } from '../../../src/images/verity/hash-tree.js';
import { describeWithTrees, flipped, makeTree, noise, type Protected } from './make-tree.js';

const verify = ({ data, tree, rootHash }: Protected) =>
  verifyHashTree(bufferReader(data), bufferReader(tree), rootHash);

const SALT = 5;

/**
 * Bytes of the hash device that change nothing of what is checked or how, from and to: the UUID, what follows the
 * algorithm's name and its NUL, padding, what follows the salt, and the rest of the block that the superblock is in.
 */
const WITHOUT_MEANING = [
  [16, 32],
  [32 + 'sha256'.length + 1, 64],
  [82, 88],
  [88 + SALT, 1024],
] as const;

const hasMeaning = (byte: number) => !WITHOUT_MEANING.some(([from, to]) => byte >= from && byte < to);

describeWithTrees('a single flipped bit', () => {
  let right: Protected;
  let refused: (part: 'data' | 'tree' | 'rootHash', bit: number) => boolean;
  beforeAll(() => {
    right = makeTree(noise(70 * 512), [
      '--data-block-size=512',
      '--hash-block-size=1024',
      `--salt=${'a5'.repeat(SALT)}`,
    ]);
    expect(verify(right).kind).toBe('verified');
    refused = (part, bit) => verify({ ...right, [part]: flipped(right[part], bit) }).kind !== 'verified';
  });

  test('of the root hash is refused, whichever', () => {
    for (let bit = 0; bit < 256; bit++) expect(refused('rootHash', bit)).toBe(true);
  });

  test('of the superblock or the tree is refused, but for those without meaning', () => {
    for (let bit = 0; bit < right.tree.length * 8; bit++) {
      if (refused('tree', bit) !== hasMeaning(bit >> 3)) throw new Error(`bit ${bit}`);
    }
  });

  test('of the data is refused, whichever', () => {
    fc.assert(
      fc.property(fc.nat(70 * 512 * 8 - 1), (bit) => refused('data', bit)),
      { numRuns: 1000 },
    );
  });
});

describeWithTrees('whatever is changed', () => {
  test('what is verified is what was hashed', () => {
    const right = makeTree(noise(40 * 512), ['--data-block-size=512', '--hash-block-size=512']);
    const bytes = Buffer.concat([right.tree, right.data]);
    const change = fc.record({
      at: fc.nat(bytes.length - 1),
      value: fc.uint8Array({ minLength: 1, maxLength: 16 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const copy = Buffer.from(bytes);
        for (const { at, value } of changes) copy.set(value.slice(0, copy.length - at), at);
        const tree = copy.subarray(0, right.tree.length);
        const data = copy.subarray(right.tree.length);
        const verdict = verify({ ...right, tree, data });
        if (verdict.kind === 'verified') expect(data.equals(right.data)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
