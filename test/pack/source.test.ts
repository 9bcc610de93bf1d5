import { PackError } from '../../src/pack/problem.js';
import { identifyPackage } from '../../src/pack/sources/source.js';

test.each([
  'jq',
  'libc6:i386',
  'jq=1.7.1-6+deb13u4',
  'redis=5:8.0.2-3',
  'lighttpd/bookworm',
  'caddy/trixie-backports',
])('%s is the name of a package', (name) => {
  expect(identifyPackage(name)).toEqual({ kind: 'package', name });
});

test.each(['-o', 'debs/jq.deb', 'jq.deb', '/no/such/jq', 'a/b/c', 'jq=1;x'])('%s is none', (word) => {
  expect(() => identifyPackage(word)).toThrow(PackError);
});
