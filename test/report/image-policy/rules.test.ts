import { DESIGNATORS } from '../../../src/images/policy/designator.js';
import { parseImagePolicy } from '../../../src/images/policy/parse.js';
import { describeRules, rulesToJson } from '../../../src/report/image-policy/rules.js';

const describe = (policy: string) => describeRules(parseImagePolicy(policy));

test.each([
  ['root=signed', 'must be there; used if it is signed, else the image is refused.'],
  ['root=signed+unused', 'must be there; used if it is signed, else left alone.'],
  [
    'root=verity+unprotected+absent',
    'may be missing; used if it is protected by dm-verity or unprotected, else the image is refused.',
  ],
  ['root=', 'may be missing; used whatever its protection is.'],
  ['root=absent', 'must not be there.'],
  ['root=unused', 'must be there; not used.'],
  ['root=ignore:=absent', 'may be there; not used.'],
  [
    'root=open+read-only-on',
    'may be missing; used whatever its protection is; the partition table must mark it read-only.',
  ],
  [
    'root=open+growfs-off+read-only-off',
    'may be missing; used whatever its protection is; the partition table must not mark it read-only; the partition table must not mark it to be grown.',
  ],
  [
    'root=open+ext4+erofs',
    'may be missing; used whatever its protection is; its file system must be erofs or ext4.',
  ],
])('%s', (policy, sentence) => {
  expect(describe(policy).find((line) => line.startsWith('root ('))).toBe(
    `root (the root file system, or a bare file system without partitions): ${sentence}`,
  );
});

test('what is the same is told once', () => {
  expect(describe('~')).toEqual([
    expect.stringMatching(/^root, usr, home, .*, tmp and var: must not be there\.$/),
  ]);
});

test('a rule that nothing fulfils', () => {
  expect(describe('home=verity').join('\n')).toContain(
    'home (the tree for /home): nothing fulfils this rule',
  );
});

test('hash trees and signatures follow from their data', () => {
  expect(describe('usr=signed+absent')).toContain(
    'usr-verity and usr-verity-sig: may be missing; this follows from the rule for usr.',
  );
});

test('as data there is a rule for each partition', () => {
  const rules = rulesToJson(parseImagePolicy('usr=signed')) as { partition: string }[];
  expect(rules.map(({ partition }) => partition)).toEqual([...DESIGNATORS]);
  expect(rules).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ partition: 'usr', from: 'usr' }),
      expect.objectContaining({ partition: 'usr-verity', from: 'usr' }),
      expect.objectContaining({ partition: 'home', from: null }),
    ]),
  );
});
