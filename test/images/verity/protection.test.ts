import { bufferReader } from '../../../src/images/byte-reader.js';
import { readCertificates } from '../../../src/images/verity/certificates.js';
import { checkProtection } from '../../../src/images/verity/protection.js';
import { describeWithTrees, makeTree, noise } from './make-tree.js';
import { describeWithOpenssl, SignatureScratch } from './sign.js';

describeWithTrees('protection', () => {
  describeWithOpenssl('with a signature', () => {
    let scratch: SignatureScratch;
    beforeAll(() => {
      scratch = new SignatureScratch();
    });
    afterAll(() => scratch.remove());

    test('tree and signature are told of one by one', () => {
      const image = makeTree(noise(3 * 4096));
      const identity = scratch.identity('/CN=signer', 'p256');
      scratch.trust(identity);
      const trusted = readCertificates(scratch.root);
      const signature = scratch.sign(image.rootHash.toString('hex'), [identity]);
      const { rootHash } = image;
      const right = { data: bufferReader(image.data), tree: bufferReader(image.tree), rootHash, signature };
      const verity = { kind: 'verified', bytes: 12288n, blocks: 3 };

      expect(checkProtection(right, trusted)).toMatchObject({ verity, signature: { kind: 'signed' } });
      expect(checkProtection(right, null)).toEqual({
        verity,
        signature: { kind: 'unchecked', reason: { kind: 'switched-off' } },
      });
      expect(checkProtection({ ...right, signature: null }, null)).toEqual({
        verity,
        signature: { kind: 'unsigned' },
      });
      const wrong = Buffer.alloc(32);
      expect(checkProtection({ ...right, rootHash: wrong }, trusted)).toMatchObject({
        verity: { kind: 'mismatch', where: 'root-hash' },
        signature: { kind: 'invalid' },
      });
    });
  });
});
