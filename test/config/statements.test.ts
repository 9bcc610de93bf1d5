import fc from 'fast-check';
import { readStatements } from '../../src/config/statements.js';
import { anyText } from '../support/text.js';

const read = (text: string) => [...readStatements(text, 'SysExt')];
const values = (text: string) =>
  read(text).flatMap((found) => (found.kind === 'assignment' ? [`${found.key}=${found.value}`] : []));
const problems = (text: string) =>
  read(text).flatMap((found) =>
    found.kind === 'assignment' ? [] : [`${found.line} ${found.kind}: ${found.text}`],
  );

/** Each row was checked with systemd-sysext 262. */
test.each([
  ['plain', '[SysExt]\nMutable=yes\n', ['Mutable=yes']],
  ['no newline at the end', '[SysExt]\nMutable=yes', ['Mutable=yes']],
  ['blanks around all', ' [SysExt] \n Mutable \t= \tyes \n', ['Mutable=yes']],
  ['carriage returns', '[SysExt]\r\nMutable=yes\r\n', ['Mutable=yes']],
  ['carriage returns alone', '[SysExt]\rMutable=yes\r', ['Mutable=yes']],
  ['a byte order mark', '\ufeff[SysExt]\nMutable=yes', ['Mutable=yes']],
  ['a byte order mark in the middle', '[SysExt]\n\ufeffMutable=yes', ['Mutable=yes']],
  ['comments', '# a\n ; b\n[SysExt]\n#Mutable=no\n;Mutable=no\nMutable=yes', ['Mutable=yes']],
  ['no comment after a value', '[SysExt]\nA=yes ; c\nB=yes#c', ['A=yes ; c', 'B=yes#c']],
  ['quotes stay', `[SysExt]\nA="yes"\nB='yes'`, ['A="yes"', "B='yes'"]],
  ['backslashes stay', '[SysExt]\nA=a\\;b\\x', ['A=a\\;b\\x']],
  ['words are only words', '[SysExt]\nA=true\nB=null\nC=[1]', ['A=true', 'B=null', 'C=[1]']],
  ['empty', '[SysExt]\nA=\n', ['A=']],
  ['an equals sign in the value', '[SysExt]\nA=b=c', ['A=b=c']],
  ['twice, both', '[SysExt]\nA=1\nA=2', ['A=1', 'A=2']],
  ['a section twice', '[SysExt]\nA=1\n[X-B]\nC=2\n[SysExt]\nD=3', ['A=1', 'D=3']],
  ['no lists', '[SysExt]\nA[]=1\nA[]=2', ['A[]=1', 'A[]=2']],
  ['no trees', '[SysExt.A]\nB=1\n[SysExt]\nC.D=1', ['C.D=1']],
  ['a no-break space is no blank', '[SysExt]\nA=\u00a0yes\u00a0', ['A=\u00a0yes\u00a0']],
  ['a form feed is no blank', '[SysExt]\nA\f=yes', ['A\f=yes']],
  ['a line separator ends no line', '[SysExt]\nA=1\u2028B=2\u0085C=3', ['A=1\u2028B=2\u0085C=3']],
  ['continuation', '[SysExt]\nA=a\\\n  b', ['A=a   b']],
  ['continuation of nothing', '[SysExt]\nA=\\\nyes', ['A=yes']],
  ['continuation in a key', '[SysExt]\nMut\\\nable=yes', ['Mut able=yes']],
  ['continuation over comments', '[SysExt]\nA=a\\\n# c\n  ; d\nb', ['A=a b']],
  ['continuation up to an empty line', '[SysExt]\nA=a\\\n\nB=b', ['A=a', 'B=b']],
  ['continuation at the end', '[SysExt]\nA=yes\\', ['A=yes']],
  ['a backslash pair is no continuation', '[SysExt]\nA=a\\\\\nB=b', ['A=a\\\\', 'B=b']],
  ['three backslashes are one', '[SysExt]\nA=a\\\\\\\nb', ['A=a\\\\ b']],
  ['a blank behind the backslash', '[SysExt]\nA=a\\ \nB=b', ['A=a\\', 'B=b']],
  ['a comment goes not on', '[SysExt]\n# c \\\nA=a', ['A=a']],
  ['other case', '[sysext]\nMutable=yes', []],
  ['blanks in the header', '[ SysExt ]\nMutable=yes', []],
  ['quotes in the header', '["SysExt"]\nMutable=yes', []],
])('%s', (_, text, expected) => {
  expect(values(text)).toEqual(expected);
});

test('what is wrong comes with its line, and the rest counts', () => {
  const text = [
    'Mutable=yes',
    '# fine',
    '[Foo]',
    'skipped',
    '[X-Foo]',
    'skipped',
    '[SysExt]',
    'foo',
    '=1',
    'A=a\\',
    'b\0',
    'B=\ufffd',
    'C=1',
    '[SysExt',
    'D=1',
    '[]',
    '[Sys\ufffd]',
    'E=1',
    '[SysExt] # c',
    '[SysExt]',
    'F=1',
  ].join('\n');
  expect(problems(text)).toEqual([
    '1 outside-section: Mutable=yes',
    '3 unknown-section: [Foo]',
    '8 no-assignment: foo',
    '9 no-key: =1',
    '10 encoding: A=a b\0',
    '12 encoding: B=\ufffd',
    '14 bad-header: [SysExt',
    '16 bad-header: []',
    '17 encoding: [Sys\ufffd]',
    '19 bad-header: [SysExt] # c',
  ]);
  expect(read(text).filter((found) => found.kind === 'assignment')).toEqual([
    { kind: 'assignment', section: 'SysExt', line: 13, key: 'C', value: '1' },
    { kind: 'assignment', section: 'SysExt', line: 21, key: 'F', value: '1' },
  ]);
});

test('hostile names are only names', () => {
  const text =
    '[__proto__]\npolluted=1\n[constructor.prototype]\npolluted=1\n[SysExt]\n__proto__=1\n__proto__[]=1\nconstructor=1\n[SysExt.__proto__]\npolluted=1';
  expect(values(text)).toEqual(['__proto__=1', '__proto__[]=1', 'constructor=1']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const configText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[SysExt]',
        '[',
        ']',
        '=',
        '\\',
        '\n',
        '\r',
        '\0',
        '#',
        ';',
        ' ',
        '\ufeff',
        '\ufffd',
        '__proto__',
        'A',
        '"',
      ),
      anyText(),
    ),
  )
  .map((parts) => parts.join(''));

test('any text is read, each line at most once and in order', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  fc.assert(
    fc.property(configText, (text) => {
      const lines = read(text).map(({ line }) => line);
      expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
      expect(lines.every((line) => line >= 1 && line <= text.split(/\r\n|\r|\n/).length)).toBe(true);
    }),
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
});

test('what is written as an assignment comes back as it is', () => {
  const plain = fc
    .string({ unit: 'grapheme' })
    .filter((text) => !/[\r\n\0\ufffd\ufeff\p{Noncharacter_Code_Point}]|\\$/u.test(text));
  const value = plain.filter((text) => !/^[ \t]|[ \t]$/.test(text));
  const key = value.filter((text) => /^[^=#;[]+$/.test(text));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value)), (pairs) => {
      const lines = pairs.map(([left, right]) => `${left}=${right}`);
      expect(values(['[SysExt]', ...lines].join('\n'))).toEqual(lines);
    }),
  );
});

test.each([
  ['backslashes', '\\'.repeat(1 << 17)],
  ['backslashes and something', `${'\\'.repeat(1 << 17)}x`],
  ['continued lines', `[SysExt]\nA=${'x\\\n'.repeat(1 << 16)}`],
  ['empty continued lines', '\\\n'.repeat(1 << 17)],
  ['blanks', `[SysExt]\nA=${' '.repeat(1 << 17)}x${' '.repeat(1 << 17)}=`],
  ['headers', '[\n'.repeat(1 << 17)],
  ['blank lines', ' \n'.repeat(1 << 17)],
])('a file of %s is read in no time', (_, text) => {
  const start = process.cpuUsage();
  read(text);
  expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
});
