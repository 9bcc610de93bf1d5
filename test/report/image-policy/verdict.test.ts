import type { Designator } from '../../../src/images/policy/designator.js';
import { bareImage, type ImageFacts } from '../../../src/images/policy/facts.js';
import { parseImagePolicy } from '../../../src/images/policy/parse.js';
import { explainPolicyForImage } from '../../../src/report/image-policy/verdict.js';

const disk = (...designators: Designator[]): ImageFacts => ({
  layout: 'partition-table',
  partitions: designators.map((designator) => ({
    designator,
    fileSystem: null,
    encryption: 'none',
    readOnly: false,
    growFileSystem: true,
  })),
  sidecar: null,
});

const SIGNED = disk('root', 'root-verity', 'root-verity-sig');
const explain = (policy: string, image: ImageFacts) => explainPolicyForImage(parseImagePolicy(policy), image);

test.each<[string, ImageFacts, string]>([
  ['root=signed', SIGNED, 'Used if the signature is good and all data fits it, else refused.'],
  [
    'root=verity+signed',
    SIGNED,
    'Used if all data fits the hash tree; of a signature that is not good there is only a warning.',
  ],
  ['root=verity', disk('root', 'root-verity'), 'Used if all data fits the hash tree, whoever made it.'],
  ['*', disk('root'), 'Used as it is, without any check.'],
  [
    '*',
    { ...disk('root'), partitions: [{ ...disk('root').partitions[0]!, encryption: 'luks' }] },
    'Used once it is opened with its key.',
  ],
  [
    '*',
    disk('root', 'usr'),
    'Root: used as it is, without any check; usr: used as it is, without any check.',
  ],
  ['~', SIGNED, 'Refused: there is a partition root, and the policy allows none.'],
  ['root=:usr=unprotected', SIGNED, 'Refused: there is no partition usr, and the policy wants one.'],
  [
    'root=signed+verity',
    disk('root', 'root-verity'),
    'Refused: there is no partition root-verity-sig, and the policy wants one because of its rule for root.',
  ],
  ['root=signed+absent', bareImage('ext4'), 'Refused: root is unprotected, and must be signed.'],
  [
    'root=signed',
    bareImage('ext4', { designator: 'root', hashTree: true, signature: false }),
    'Refused: root is protected by dm-verity, and must be signed.',
  ],
  ['root=read-only-on', disk('root'), 'Refused: root is not marked read-only, and must be.'],
  ['root=growfs-off', disk('root'), 'Refused: root is marked to be grown, and must not be.'],
  [
    'root=erofs+xfs',
    bareImage('ext4'),
    'Refused: root has a file system of the type ext4, and must have erofs or xfs.',
  ],
  [
    'root=:root-verity=ignore',
    SIGNED,
    'Refused: root-verity-sig is to be used without root-verity, to which it belongs.',
  ],
  ['-', SIGNED, 'Refused: the policy leaves root alone, and there is nothing else to use.'],
  ['*', disk('home'), 'Refused: it has neither a root nor a usr partition.'],
])('%s', (policy, image, sentence) => {
  expect(explain(policy, image).lines[0]).toBe(sentence);
});

test('what is left alone is told', () => {
  expect(explain('root=', disk('root', 'home', 'swap')).lines).toEqual([
    'Used as it is, without any check.',
    'home and swap are left alone.',
  ]);
});

test('the same as data', () => {
  expect(explain('root=open', disk('root', 'home')).json).toEqual({
    text: 'used as it is, without any check',
    verdict: 'accepted',
    partitions: [
      { partition: 'root', use: true, allowed: ['unprotected'], required: 'none', fileSystems: [] },
      { partition: 'home', use: false },
    ],
  });
  expect(explain('~', SIGNED).json).toMatchObject({
    verdict: 'refused',
    refusal: { kind: 'not-allowed', designator: 'root' },
  });
});
