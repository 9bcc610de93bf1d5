import type { CheckedImage } from '../../src/check/image.js';
import { checkVersion, versionIn } from '../../src/check/release/version.js';
import { compareVersions } from '../../src/images/version-order.js';

test.each([
  ['foo', null],
  ['foo.raw', null],
  ['foo-bar.raw', null],
  ['foo_1.2.raw', '1.2'],
  ['foo-1.2.sysext.raw', '1.2'],
  ['foo-bar-v1.2', 'v1.2'],
  ['foo_1.0-rc1_x86-64.raw', '1.0-rc1'],
  ['foo_2+3-1.raw', '2'],
  ['kubernetes-v1.29.0-rc.1.raw', 'v1.29.0-rc.1'],
])('the version in %s is %s', (name, version) => {
  expect(versionIn(name)).toBe(version);
});

const better = (version: string) =>
  checkVersion({ version } as CheckedImage).map(({ detail }) => detail['better']);

test.each(['1.0', '1.0~rc1', '20260101', '1.0.1', '1', 'rc1', '1.0-arch', '1.0-2', '2.0.0-precise'])(
  '%s is sorted as it is meant',
  (version) => {
    expect(better(version)).toEqual([]);
  },
);

test.each([
  ['1.0-rc1', '1.0~rc1'],
  ['1.0rc1', '1.0~rc1'],
  ['1.0.beta2', '1.0~beta2'],
  ['2-alpha', '2~alpha'],
  ['v2', '2'],
])('%s is not, but %s is', (version, expected) => {
  expect(better(version)).toEqual([expected]);
  expect(better(expected)).toEqual([]);
});

test('the order that the page about it tells', () => {
  const order = ['v9', '1.0~rc1', '1.0', '1.0-rc1', '1.0.1'];
  expect([...order].reverse().sort(compareVersions)).toEqual(order);
});
