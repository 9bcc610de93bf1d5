import { CONFEXT, SYSEXT } from '../../../src/extension-class.js';
import { policyForImage } from '../../../src/images/policy/defaults.js';
import { formatImagePolicy } from '../../../src/images/policy/format.js';
import { parseImagePolicy } from '../../../src/images/policy/parse.js';

const ANY = 'verity+signed+encrypted+encryptedwithintegrity+unprotected+absent';
const RELAXED = `root=${ANY}:usr=${ANY}`;
const STRICT = 'root=signed+absent:usr=signed+absent';

function choose(path: string, extensionClass = SYSEXT, inInitrd = true): string[] {
  const { policy, from } = policyForImage(null, path, extensionClass, inInitrd);
  return [from, formatImagePolicy(policy)];
}

test('each class has its default', () => {
  expect(choose('/var/lib/extensions/x.raw', SYSEXT, false)).toEqual(['class', RELAXED]);
  expect(choose('/var/lib/confexts/x.raw', CONFEXT, false)).toEqual(['class', `root=${ANY}`]);
});

test.each([
  ['/.extra/sysext/x.raw', 'untrusted-place', STRICT],
  ['/.extra/global_sysext/deep/x.raw', 'untrusted-place', STRICT],
  // The place decides, and not the class that is merged.
  ['/.extra/confext/x.raw', 'untrusted-place', 'root=signed+absent'],
  ['/.extra/global_confext/x.raw', 'untrusted-place', 'root=signed+absent'],
  ['/.extra/x.raw', 'no-place', '~'],
  ['/.extra/sysext', 'no-place', '~'],
  ['/.extra/sysexts/x.raw', 'no-place', '~'],
  ['/.extra/constructor/x.raw', 'no-place', '~'],
  ['/.extras/sysext/x.raw', 'class', RELAXED],
  ['/var/lib/extensions/x.raw', 'class', RELAXED],
])('in an initrd %s is held to: %s', (path, from, policy) => {
  expect(choose(path)).toEqual([from, policy]);
});

test('outside of an initrd a directory of that name is one like any other', () => {
  expect(choose('/.extra/sysext/x.raw', SYSEXT, false)).toEqual(['class', RELAXED]);
});

test('what the user says counts everywhere', () => {
  const policy = parseImagePolicy('*');
  expect(policyForImage(policy, '/.extra/x.raw', SYSEXT, true)).toEqual({ policy, from: 'setting' });
});
