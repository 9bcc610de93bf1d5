import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { comment } from '../../../src/report/dry-run/script/comment.js';
import { Words } from '../../../src/report/dry-run/script/quote.js';
import { DANGEROUS, HOSTILE } from '../hostile.js';

/** What a shell makes of words, each with a NUL behind it. */
function readBack(texts: readonly string[], work: string | null = null): string[] {
  const words = new Words(work);
  const command = `printf '%s\\0' ${texts.map((text) => words.word(text)).join(' ')}`;
  const script = [
    ...(work === null ? [] : [`work=${new Words(null).word(work)}`]),
    ...words.variables(),
    command,
  ];
  for (const line of script) expect(line.replaceAll('\t', '')).not.toMatch(DANGEROUS);
  const { stdout, status } = spawnSync('sh', ['-euc', script.join('\n')], { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout.split('\0').slice(0, -1);
}

test('whatever is in a word, a shell reads it as it was', () => {
  const pieces = [
    "'",
    '"',
    '$',
    '`',
    '\\',
    '\n',
    '\t',
    ' ',
    '-',
    '~',
    '*',
    '#',
    '!',
    '\x1b',
    '\u2028',
    '\u009b',
    'é',
    '日',
    'a',
    '/w',
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(text, { minLength: 20, maxLength: 40 }), (texts) => {
      expect(readBack(texts)).toEqual(texts);
      expect(readBack(texts, '/w')).toEqual(texts);
    }),
    { numRuns: 20 },
  );
});

test('what is plain stays plain, and the workspace has a name', () => {
  const words = new Words('/run/w');
  expect(words.command(['mount', '-o', 'lowerdir=/run/w/meta:/a', "it's"])).toBe(
    `mount -o lowerdir="$work"/meta:/a 'it'\\''s'`,
  );
  expect(words.word('')).toBe("''");
  expect(words.variables()).toEqual([]);
});

test('a comment stays one, and is wrapped', () => {
  expect(comment(`a${HOSTILE}`).join('\n')).toMatch(/^# a\\n[^\n]*$/);
  const long = comment('word '.repeat(60).trim());
  expect(long.length).toBe(3);
  expect(long.every((line) => line.startsWith('# ') && line.length <= 117)).toBe(true);
});
