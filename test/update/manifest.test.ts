import { parseManifest } from '../../src/update/manifest.js';

const A = 'a'.repeat(64);
const TODAY = '2026-11-28';

test('what sha256sum(1) writes, in both of its modes', () => {
  expect(parseManifest(`${A}  foo_1.raw\n${A.toUpperCase()} *foo_2/bar.efi\n\n`, TODAY)).toEqual([
    { path: 'foo_1.raw', sha256: A },
    { path: 'foo_2/bar.efi', sha256: A },
  ]);
});

test.each([
  'foo_1.raw',
  `${A}`,
  `${A} foo_1.raw`,
  `${A.slice(1)}  foo_1.raw`,
  `${A}  /etc/passwd`,
  `${A}  ../foo_1.raw`,
  `${A}  a/./foo_1.raw`,
  `${A}  a//foo_1.raw`,
  `${A}  foo%2f_1.raw`,
  `${A}  foo_\u001b[31m1.raw`,
  `${A}  foo_é.raw`,
  `\\${A}  foo\\n_1.raw`,
])('a line that is none: %j', (line) => {
  expect(parseManifest(`${A}  foo_0.raw\n${line}\n`, TODAY)).toEqual({ kind: 'line', line: 2, text: line });
});

test.each([
  ['2026-11-27', { kind: 'too-old', day: '2026-11-27' }],
  ['2026-11-28', []],
  ['2026-11-29', []],
])('best before %s', (day, wanted) => {
  expect(parseManifest(`${A}  BEST-BEFORE-${day}\n`, TODAY)).toEqual(wanted);
});
