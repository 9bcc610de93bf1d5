import { CONFEXT, SYSEXT } from '../../../src/extension-class.js';
import { parseImagePolicy } from '../../../src/images/policy/parse.js';
import { SAMPLES } from '../../../src/images/policy/samples.js';
import { type ExplainedPolicy, policyReport } from '../../../src/report/image-policy/explain.js';

const GIVEN: ExplainedPolicy = {
  policy: parseImagePolicy('root=signed+absent:usr=absent'),
  source: { from: 'argument' },
  extensionClass: SYSEXT,
  untrusted: null,
};

test('a policy in words', () => {
  const must = 'and must be signed';
  const none = 'refused: there is a partition usr, and the policy allows none';
  expect(policyReport(GIVEN, 'off')).toBe(`Image policy 'root=signed+absent:usr=absent', as given.

Partitions of a disk image:
  root (the root file system, or a bare file system without partitions): may be missing; used if it is signed, else the image is refused.
  usr (the tree for /usr): must not be there.
  home, srv, esp, xbootldr, swap, usr-verity, usr-verity-sig, tmp and var: may be there; not used.
  root-verity and root-verity-sig: may be missing; this follows from the rule for root.

What happens to an image:
  a bare file system, such as a squashfs file: refused: root is unprotected, ${must}.
  a bare file system with a hash tree beside it: refused: root is protected by dm-verity, ${must}.
  a bare file system with a hash tree and a signature beside it: used if the signature is good and all data fits it, else refused.
  a bare file system that is encrypted: refused: root is encrypted with LUKS, ${must}.
  a disk image with root, unprotected: refused: root is unprotected, ${must}.
  a disk image with root and its hash tree: refused: root is protected by dm-verity, ${must}.
  a disk image with root, its hash tree and a signature: used if the signature is good and all data fits it, else refused.
  a disk image with root, encrypted: refused: root is encrypted with LUKS, ${must}.
  a disk image with usr, unprotected: ${none}.
  a disk image with usr and its hash tree: ${none}.
  a disk image with usr, its hash tree and a signature: ${none}.
  a disk image with usr, encrypted: ${none}.
  a directory: used; image policies are not about directories.
`);
});

test('traps come last', () => {
  const report = policyReport({ ...GIVEN, policy: parseImagePolicy('~') }, 'off');
  expect(report).toMatch(/\n\nMind:\n {2}Neither root nor usr is ever used, so no image can be merged\.\n$/);
});

test.each<[ExplainedPolicy['source'], string]>([
  [{ from: 'option', policy: GIVEN.policy }, ', in force by --image-policy=.'],
  [
    {
      from: 'setting',
      policy: GIVEN.policy,
      setting: { value: '', file: '/a\x1b', line: 3, policy: GIVEN.policy },
    },
    ", in force by ImagePolicy= in '/a\\x1b', line 3.",
  ],
  [{ from: 'default', policy: null }, ', in force as the default of confext.'],
])('who asks for it: %j', (source, words) => {
  const explained = { ...GIVEN, source, extensionClass: CONFEXT };
  expect(policyReport(explained, 'off').split('\n', 1)[0]).toContain(words);
});

test('as data', () => {
  const found = JSON.parse(policyReport({ ...GIVEN, untrusted: GIVEN.policy }, 'short'));
  expect(found).toMatchObject({
    policy: 'root=signed+absent:usr=absent',
    long: 'root=signed+absent:usr=absent:=unused+absent',
    class: 'sysext',
    from: 'argument',
    file: null,
    line: null,
    untrusted: 'root=signed+absent:usr=absent',
    warnings: [],
  });
  expect(found.partitions).toHaveLength(13);
  expect(found.images).toHaveLength(SAMPLES.length);
  expect(found.images[2]).toEqual({
    image: 'a bare file system with a hash tree and a signature beside it',
    layout: 'bare',
    data: 'root',
    protection: 'signed',
    text: 'used if the signature is good and all data fits it, else refused',
    verdict: 'accepted',
    partitions: [
      {
        partition: 'root',
        use: true,
        allowed: ['signed'],
        required: 'signature-must-verify',
        fileSystems: [],
      },
    ],
  });
});
