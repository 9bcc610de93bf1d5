import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { parseRelease } from '../../src/release/os-release.js';
import { anyText } from '../support/text.js';

/** Each row was checked with systemd-sysext 262: it matches an image whose `ID=` is the value. */
test.each([
  ['plain', 'ID=debian\n', 'debian'],
  ['no newline at the end', 'ID=debian', 'debian'],
  ['blanks around all', '  ID = debian \t\n', 'debian'],
  ['carriage returns', 'NAME=x\r\nID=debian\r\n', 'debian'],
  ['carriage returns alone', 'NAME=x\rID=debian\r', 'debian'],
  ['double quotes', 'ID="debian"', 'debian'],
  ['single quotes', "ID='debian'", 'debian'],
  ['quotes joined', `ID="deb"'ian'`, 'debian'],
  ['quotes with blanks between', 'ID="deb" "ian"', 'debian'],
  ['quotes, then none', 'ID="deb" ian ', 'debian'],
  ['quotes after other text', 'ID=deb"ian"', 'deb"ian"'],
  ['a newline in quotes', 'ID="a\nb"', 'a\nb'],
  ['a backslash', 'ID=de\\bian', 'debian'],
  ['a backslash in single quotes', "ID='a\\b'", 'a\\b'],
  ['a backslash in double quotes', 'ID="a\\b"', 'a\\b'],
  ['escapes in double quotes', 'ID="\\"\\\\\\`\\$"', '"\\`$'],
  ['continuation', 'ID=deb\\\nian', 'debian'],
  ['continuation in double quotes', 'ID="deb\\\nian"', 'debian'],
  ['no continuation with a carriage return', 'ID=debian\\\r\nNAME=x', 'debian'],
  ['a backslash at the end of the file', 'ID=debian\\', 'debian'],
  ['an escaped blank at the end', 'ID=a\\  \n', 'a '],
  ['blanks before a continuation', 'ID=a \\\n  ', 'a '],
  ['blanks in quotes at the end', 'ID=" a "  ', ' a '],
  ['a comment after a value', 'ID=debian # c', 'debian # c'],
  ['a comment after a quote', 'ID="debian" # c', 'debian# c'],
  ['no expansion', 'ID=$(id)$HOME`id`', '$(id)$HOME`id`'],
  ['a separator of commands', 'ID=a;NAME=x', 'a;NAME=x'],
  ['comments', '# ID=x\n ; ID=y\nID=debian\n#ID=z', 'debian'],
  ['a comment that ends in a backslash', '# c\\\nID=debian', 'debian'],
  ['empty', 'ID=\nNAME=x', ''],
  ['empty quotes', 'ID=""', ''],
  ['twice', 'ID=a\nID=b', 'b'],
  ['an equals sign in the value', 'ID=a=b', 'a=b'],
  ['small letters', 'id=debian', undefined],
  ['a byte order mark', '\ufeffID=debian', undefined],
  ['a no-break space before the field', '\u00a0ID=debian', undefined],
  ['a command', 'export ID=debian', undefined],
])('%s', (_, text, value) => {
  expect(parseRelease(text).fields.get('ID')).toBe(value);
});

test('what is wrong comes with its line, and the rest counts', () => {
  const text = '\r\n# c\r\ngarbage\r\nA="1\n2"\n=x\n\nB C=1\nD=\ufffd\nE=a\0b\n\ufeffF=1\nG=3\nH="4\nI=5\n';
  const { fields, problems } = parseRelease(text);
  expect(problems).toEqual([
    { line: 3, text: 'garbage', kind: 'no-assignment' },
    { line: 6, text: '=x', kind: 'key' },
    { line: 8, text: 'B C=1', kind: 'key' },
    { line: 9, text: 'D=\ufffd', kind: 'encoding' },
    { line: 10, text: 'E=a\0b', kind: 'encoding' },
    { line: 11, text: '\ufeffF=1', kind: 'key' },
    { line: 13, text: 'H="4', kind: 'open-quote' },
  ]);
  expect([...fields]).toEqual([
    ['A', '1\n2'],
    ['G', '3'],
    ['H', '4\nI=5\n'],
  ]);
});

test('nothing in, nothing out', () => {
  for (const text of ['', '\n \n', '# c'])
    expect(parseRelease(text)).toEqual({ fields: new Map(), problems: [] });
});

const key = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/);
const text = fc.string({ unit: fc.constantFrom(...'aB1 \t\'"\\`$#;=\r\n'), maxLength: 12 });

test('any value survives double quotes', () => {
  fc.assert(
    fc.property(key, text, (name, value) => {
      const quoted = value.replace(/["\\`$]/g, '\\$&');
      expect(parseRelease(`${name}="${quoted}"\n`)).toEqual({
        fields: new Map([[name, value]]),
        problems: [],
      });
    }),
  );
});

test('whatever the text, every problem is on a line that is there', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(text, fc.constant('\nID='), anyText())), (parts) => {
      const whole = parts.join('');
      const lines = whole.split(/\r\n|\r|\n/);
      for (const problem of parseRelease(whole).problems)
        expect(lines[problem.line - 1]!.trimStart()).toContain(problem.text.trimStart());
    }),
    { numRuns: 200 },
  );
});

test('a shell reads what was written in single quotes alike', () => {
  const values = fc.sample(
    text.filter((value) => !/['\0]/.test(value)),
    30,
  );
  const script = values.map((value, i) => `V${i}='${value}'\n`).join('');
  const print = values.map((_, i) => `printf '%s\\0' "$V${i}"\n`).join('');
  const { stdout } = spawnSync('sh', ['-c', script + print], { encoding: 'utf8' });
  expect([...parseRelease(script).fields.values()]).toEqual(stdout.split('\0').slice(0, -1));
});

test.each([
  ['blanks', `ID=a${' '.repeat(100_000)}b`],
  ['backslashes', `ID=${'\\'.repeat(100_000)}`],
  ['backslashes in quotes', `ID="${'\\x'.repeat(50_000)}`],
  ['quotes', `ID=${'""'.repeat(50_000)}`],
  ['lines without an assignment', 'x\n'.repeat(50_000)],
  ['equals signs', '='.repeat(100_000)],
  ['blanks in a field', `I${' '.repeat(100_000)}D`],
])('a hundred kilobytes of %s are read in linear time', (_, hostile) => {
  const start = process.cpuUsage();
  parseRelease(hostile);
  expect(process.cpuUsage(start).user).toBeLessThan(1_000_000);
});
