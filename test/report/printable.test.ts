import fc from 'fast-check';
import { printable, quoted, quotedFew, quotedList } from '../../src/report/printable.js';
import { anyText } from '../support/text.js';
import { DANGEROUS } from './hostile.js';

test.each([
  ['a\nb', 'a\\nb'],
  ['\r\t', '\\r\\t'],
  ['\x1b[2J', '\\x1b[2J'],
  ['\x00\x07\x7f', '\\x00\\x07\\x7f'],
  ['\u009b31m', '\\x9b31m'],
  ['\u202egnp', '\\u202egnp'],
  ['\u2066x\u2069', '\\u2066x\\u2069'],
  ['\u2028', '\\u2028'],
  ['', ''],
  ['foo_1.2+3-4', 'foo_1.2+3-4'],
  ["a 'b' \\", "a 'b' \\"],
  ['größe 扩展 😀 \u00a0', 'größe 扩展 😀 \u00a0'],
])('%j is %j', (text, wanted) => {
  expect(printable(text)).toBe(wanted);
});

test('never a character that a terminal acts on', () => {
  const nasty = fc.array(fc.nat(0x2070), { maxLength: 30 }).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(fc.oneof(nasty, anyText()), (text) => {
      expect(printable(text)).not.toMatch(DANGEROUS);
      expect(printable(printable(text))).toBe(printable(text));
      if (!DANGEROUS.test(text)) expect(printable(text)).toBe(text);
    }),
    { numRuns: 100 },
  );
});

test('names in a sentence', () => {
  expect(quoted('a\n')).toBe("'a\\n'");
  expect(quotedList(['a', 'b'])).toBe("'a', 'b'");
  expect(quotedList([])).toBe('');
  expect(quotedFew(['a', 'b'], 2)).toBe("'a', 'b'");
  expect(quotedFew(['a\n', 'b', 'c', 'd'], 2)).toBe("'a\\n', 'b' and 2 more");
});
