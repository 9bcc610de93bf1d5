import { findChecksum } from '../../src/install/checksums.js';

const [A, B] = ['a'.repeat(64), 'B'.repeat(64)];

test('as sha256sum(1) writes it, in both modes', () => {
  const text = `${A}  one.raw\n${B} *two words.raw\r\n`;
  expect(findChecksum(text, 'one.raw')).toBe(A);
  expect(findChecksum(text, 'two words.raw')).toBe('b'.repeat(64));
});

test.each([
  ['', 'of nothing'],
  [`${A}  other.raw\n`, 'another name'],
  [`${A}  dir/one.raw\n`, 'in a directory'],
  [`${A} one.raw\n`, 'one blank'],
  [`${A.slice(1)}  one.raw\n`, 'too short'],
  [`${A}a  one.raw\n`, 'too long'],
  [`<html>${A}  one.raw`, 'something else'],
])('none: %j', (text) => {
  expect(findChecksum(text, 'one.raw')).toBeNull();
});
