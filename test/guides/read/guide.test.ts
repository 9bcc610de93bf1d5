import { spawnSync } from 'node:child_process';
import { blocksOf, isAsShown, outputsOf, scriptOf } from '../guide.js';

const PAGE = `# A guide

\`\`\`sh
cd /
pwd; ls /none || true
\`\`\`

\`\`\`text
/
…
\`\`\`

It goes on.

\`\`\`sh fails
pwd; false
\`\`\`

Not its output:

\`\`\`text
something else
\`\`\`
`;

test('blocks of commands, and the output right below them', () => {
  expect(blocksOf(PAGE)).toEqual([
    { line: 3, commands: 'cd /\npwd; ls /none || true\n', fails: false, expected: '/\n…\n' },
    { line: 15, commands: 'pwd; false\n', fails: true, expected: null },
  ]);
});

describe('the script', () => {
  const run = (page: string) => {
    const blocks = blocksOf(page);
    const { status, stdout } = spawnSync('bash', ['-c', scriptOf(blocks)], { encoding: 'utf8' });
    return { status, outputs: outputsOf(stdout) };
  };

  test('is one shell, and keeps outputs apart', () => {
    const { status, outputs } = run(PAGE);
    expect({ status, outputs }).toEqual({
      status: 0,
      outputs: [expect.stringMatching(/^\/\nls: .*'\/none'.*\n$/), '/\n', ''],
    });
  });

  test('ends at the first command that fails, in a pipeline as well', () => {
    expect(run('```sh\necho a\nfalse | true\necho b\n```\n')).toEqual({ status: 1, outputs: ['a\n'] });
  });

  test('ends where a failure was promised and none comes', () => {
    expect(run('```sh fails\ntrue\n```\n```sh\necho b\n```\n')).toEqual({ status: 99, outputs: [''] });
  });
});

test.each([
  ['a b\n', 'a b\n', true],
  ['a b\n', 'a  b\n', false],
  ['a b\n', 'a b  \n\n', true],
  ['a.b\n', 'axb\n', false],
  ['a … c\n', 'a b c\n', true],
  ['a … c\n', 'a b d\n', false],
  ['a\n…\nd\n', 'a\nb\nc\nd\n', true],
  ['a\n…\nd\n', 'a\nd\n', true],
  ['a\n…\nd\n', 'a\nb\nc\n', false],
  ['a\n…\n', 'a\nb\n', true],
  ['a\n', 'a\nb\n', false],
])('%j stands for %j: %j', (expected, output, same) => {
  expect(isAsShown(expected, output)).toBe(same);
});
