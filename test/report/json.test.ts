import fc from 'fast-check';
import { formatJson, type Json } from '../../src/report/json.js';
import { DANGEROUS, HOSTILE } from './hostile.js';

const VALUE: Json = [
  { hierarchy: '/opt', extensions: [], since: null },
  { hierarchy: '/usr', extensions: ['a', 'd'], since: 1795395025479417n },
];

/** Byte for byte what systemd-sysext 262 prints. */
test('pretty', () => {
  expect(formatJson(VALUE, 'pretty')).toBe(
    [
      '[',
      '\t{',
      '\t\t"hierarchy" : "/opt",',
      '\t\t"extensions" : [],',
      '\t\t"since" : null',
      '\t},',
      '\t{',
      '\t\t"hierarchy" : "/usr",',
      '\t\t"extensions" : [',
      '\t\t\t"a",',
      '\t\t\t"d"',
      '\t\t],',
      '\t\t"since" : 1795395025479417',
      '\t}',
      ']',
      '',
    ].join('\n'),
  );
});

test('short', () => {
  expect(formatJson(VALUE, 'short')).toBe(
    '[{"hierarchy":"/opt","extensions":[],"since":null},{"hierarchy":"/usr","extensions":["a","d"],"since":1795395025479417}]\n',
  );
});

test.each([
  [[], '[]'],
  [{}, '{}'],
  [null, 'null'],
  [true, 'true'],
  ['a"\n', '"a\\"\\n"'],
  [18446744073709551615n, '18446744073709551615'],
])('%j is the same in both: %s', (value: Json, text) => {
  expect(formatJson(value, 'pretty')).toBe(`${text}\n`);
  expect(formatJson(value, 'short')).toBe(`${text}\n`);
});

test('names that mean something to JavaScript', () => {
  const value = JSON.parse('{"__proto__":{"x":1},"constructor":[],"1":2}') as Json;
  expect(formatJson(value, 'short')).toBe('{"1":2,"__proto__":{"x":1},"constructor":[]}\n');
});

test('any value comes back from it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (generated) => {
      // JSON has no negative zero.
      const value = JSON.parse(JSON.stringify(generated)) as Json;
      expect(JSON.parse(formatJson(value, 'pretty'))).toEqual(value);
      expect(formatJson(value, 'short')).toBe(`${JSON.stringify(value)}\n`);
    }),
  );
});

test('what a terminal would obey is escaped in texts and keys, and is the same to a parser', () => {
  const value = { [HOSTILE]: [HOSTILE] };
  for (const format of ['short', 'pretty'] as const) {
    const json = formatJson(value, format);
    expect(json.replace(/[\n\t]/g, '')).not.toMatch(DANGEROUS);
    expect(JSON.parse(json)).toEqual(value);
  }
});
