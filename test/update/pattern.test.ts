import { formatPattern, matchPattern, type Pattern, parsePattern } from '../../src/update/pattern.js';

const pattern = (text: string): Pattern => {
  const parsed = parsePattern(text, true);
  if ('kind' in parsed) throw new Error(`${text}: ${parsed.kind}`);
  return parsed;
};
const version = (text: string, path: string) => matchPattern(pattern(text), path)?.version ?? null;

/** All of it was tried with systemd-sysupdate 262. */
test.each([
  ['f_@v.raw', 'f_1.raw', '1'],
  ['f_@v.raw', 'f_1_2.raw', '1_2'],
  ['f_@v.raw', 'f_1+3.raw', '1+3'],
  ['f_@v.raw', 'f_1~2.raw', '1~2'],
  ['f_@v.raw', 'f_1^2.raw', '1^2'],
  ['f_@v.raw', 'f_1-2.raw', '1-2'],
  ['f_@v.raw', 'f_1,2.raw', null],
  ['f_@v.raw', 'f_é.raw', null],
  ['f_@v.raw', 'f_.raw', null],
  ['f_@v.raw', 'f_1.raw.raw', null],
  ['f_@v.raw', 'f_1.rawx.raw', null],
  ['f_@v.raw', 'a/f_1.raw', null],
  ['f_@v_@s.raw', 'f_1_5.raw', '1'],
  ['f_@v_@s.raw', 'f_1_05.raw', '1'],
  ['f_@v_@s.raw', 'f_1_2_3.raw', null],
  ['f_@v_@s.raw', 'f_1_-5.raw', null],
  ['f_@v_@s.raw', 'f_1_x.raw', null],
  ['f_@v_@m.raw', 'f_1_644.raw', '1'],
  ['f_@v_@m.raw', 'f_1_9.raw', null],
  ['**/f_@v.raw', 'f_1.raw', '1'],
  ['**/f_@v.raw', 'b/c/f_13.raw', '13'],
  ['d_@v/f.raw', 'd_2/f.raw', '2'],
  ['f_@v', 'f_1.raw', '1.raw'],
])('%s and %s: version %s', (text, path, wanted) => {
  expect(version(text, path)).toBe(wanted);
});

test('all that a name can say', () => {
  const hash = 'A1'.repeat(32);
  const uuid = '8b8186b1-2b4e-4eb6-ad39-8d4d18d2a8fb';
  expect(
    matchPattern(
      pattern('x_@v_@u_@f_@a_@g_@r_@t_@m_@s_@l-@d_@h.xz'),
      `x_1.2_${uuid}_0x5_1_0_1_1700000000000000_0644_99_3-0_${hash}.xz`,
    ),
  ).toEqual({
    version: '1.2',
    partitionUuid: uuid,
    partitionFlags: '0x5',
    noAuto: '1',
    growFileSystem: '0',
    readOnly: '1',
    modified: '1700000000000000',
    mode: '0644',
    size: '99',
    triesLeft: '3',
    triesDone: '0',
    sha256: hash,
  });
});

test.each([
  ['foo.raw', 'no-version'],
  ['f_@x_@v', 'unknown-wildcard'],
  ['f_@v@', 'unknown-wildcard'],
  ['f_@v.@v', 'wildcard-twice'],
  ['f_@v@s', 'wildcards-touch'],
  ['/f_@v', 'bad-path'],
  ['../f_@v', 'bad-path'],
  ['a//f_@v', 'bad-path'],
  ['./f_@v', 'bad-path'],
  ['f_@v/', 'bad-path'],
  ['', 'bad-path'],
  ['d/**/f_@v', 'anywhere'],
  ['**/d/f_@v', 'anywhere'],
])('%j is no pattern: %s', (text, kind) => {
  expect(parsePattern(text, true)).toMatchObject({ kind });
});

test('a target cannot be anywhere', () => {
  expect(parsePattern('**/f_@v', false)).toEqual({ kind: 'anywhere' });
});

test('the name of a new file', () => {
  expect(formatPattern(pattern('f_@v+@l-@d.raw'), { version: '9', triesLeft: '3', triesDone: '0' })).toBe(
    'f_9+3-0.raw',
  );
  expect(formatPattern(pattern('f@@_@v.raw'), { version: '9' })).toBe('f@_9.raw');
  expect(formatPattern(pattern('f_@v+@l.raw'), { version: '9' })).toEqual({ unknown: '@l' });
});

test('a version that would lead out of the target as a part of a path fits nothing', () => {
  for (const [text, path] of [
    ['f_@v.raw', 'f_...raw'],
    ['f_@v', 'f_..'],
    ['@v/f', './f'],
    ['@v/f', '../f'],
  ] as const)
    expect(version(text, path)).toBeNull();
  expect(version('f_@v.raw', 'f_1...raw')).toBe('1..');
});
