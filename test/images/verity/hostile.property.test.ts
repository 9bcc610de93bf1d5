import fc from 'fast-check';
import { bufferReader } from '../../../src/images/byte-reader.js';
import { hashTreeTarget, signaturePartitionTarget, signatureTarget } from '../../fuzz/targets/verity.js';

describe.each([hashTreeTarget, signaturePartitionTarget, signatureTarget])('$name', ({ seeds, run }) => {
  test.each(seeds().map((seed, i) => [i, seed] as const))('seed %d', (_, seed) => {
    run(bufferReader(seed));
  });

  test('whatever is changed, there is an answer', () => {
    const change = fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 0xff, 0x30, 0x80), fc.nat(255)));
    const cut = fc.option(fc.nat());
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds()),
        fc.array(change, { maxLength: 6 }),
        cut,
        (seed, changes, length) => {
          const input = Buffer.from(seed.subarray(0, length === null ? seed.length : length % seed.length));
          for (const [at, value] of changes) if (input.length > 0) input[at % input.length] = value;
          run(bufferReader(input));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
