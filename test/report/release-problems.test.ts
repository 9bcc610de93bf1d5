import type { SyntaxProblem } from '../../src/release/os-release.js';
import { describeReleaseProblems } from '../../src/report/release-problems.js';
import { DANGEROUS, HOSTILE } from './hostile.js';

const WORDS = {
  'no-assignment': 'not an assignment',
  key: 'not the name of a field',
  encoding: 'not valid UTF-8',
  'open-quote': 'the quote is not closed',
} as const satisfies Record<SyntaxProblem['kind'], string>;

test.each(Object.entries(WORDS) as [SyntaxProblem['kind'], string][])('%s', (kind, words) => {
  const [line, ...more] = describeReleaseProblems('/etc/os-release', [{ line: 7, text: 'x y', kind }]);
  expect(more).toEqual([]);
  expect(line).toMatch(/^'\/etc\/os-release', line 7: .*: 'x y'$/);
  expect(line).toContain(words);
});

test('one line each, and none is endless or changes the terminal', () => {
  const text = HOSTILE + 'x'.repeat(10_000);
  const lines = describeReleaseProblems(`/x${HOSTILE}`, [
    { line: 1, text, kind: 'key' },
    { line: 2, text, kind: 'encoding' },
  ]);
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).not.toMatch(DANGEROUS);
    expect(line.length).toBeLessThan(400);
  }
});
