import { formatImagePolicy } from '../../../src/images/policy/format.js';
import { ImagePolicyError, parseImagePolicy } from '../../../src/images/policy/parse.js';
import { imageOf } from '../../support/sparse-image.js';
import type { Target } from '../target.js';

const POLICIES = [
  'root=verity+signed+encrypted+unprotected+absent:usr=signed+absent:=ignore',
  'root=unprotected+squashfs+erofs+read-only-on+growfs-off:root-verity=unused:home=open',
  '*',
];

/** The text of an image policy: what can be read is written in one way, which says the same. */
export const POLICY: Target = {
  name: 'image-policy',
  limit: { reads: 1, total: 4096 },
  seeds: () => POLICIES.map((text) => ({ name: text, image: imageOf(Buffer.from(text)), fields: [] })),
  run(input) {
    const text = input.read(0n, 4096).toString('latin1');
    let written: string;
    try {
      written = formatImagePolicy(parseImagePolicy(text));
    } catch (error) {
      if (error instanceof ImagePolicyError) return;
      throw error;
    }
    if (formatImagePolicy(parseImagePolicy(written)) !== written) throw new Error(`unstable: ${written}`);
  },
};
