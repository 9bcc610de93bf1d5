import type { Assertion } from '../../../src/expect/assertion.js';
import { AssertionSyntaxError } from '../../../src/expect/read-assertions.js';
import { SYSEXT } from '../../../src/extension-class.js';
import { formatExpectation } from '../../../src/report/expect/report.js';
import {
  type Expectation,
  expectStatus,
  type Found,
  type Result,
} from '../../../src/report/expect/result.js';
import { describeSyntax } from '../../../src/report/expect/syntax.js';
import { readExpected } from '../../support/expect-schema.js';
import { DANGEROUS, HOSTILE } from '../hostile.js';

const ASSERTION: Assertion = { kind: 'merged', extension: 'a' };

const result = (verdict: Result['verdict'], text: string, found: Found): Result => ({
  stated: { text, place: { kind: 'line', file: 'list', number: 7 }, assertion: ASSERTION },
  verdict,
  found,
});

/** One of each kind of what can be found. */
const FOUND: readonly Found[] = [
  { kind: 'merged', extension: `a${HOSTILE}`, hierarchies: ['/usr'] },
  { kind: 'not-merged', extension: `a${HOSTILE}`, why: { kind: 'not-asked' } },
  { kind: 'not-merged', extension: `a${HOSTILE}`, why: { kind: 'not-installed' } },
  { kind: 'not-merged', extension: `a${HOSTILE}`, why: { kind: 'fits' } },
  {
    kind: 'not-merged',
    extension: 'a',
    why: {
      kind: 'candidate',
      candidate: { kind: 'passed-over', passedOver: { kind: 'masked', name: 'a', entry: `/a${HOSTILE}` } },
      hosts: [],
    },
  },
  { kind: 'exists', path: `/a${HOSTILE}`, type: 'file' },
  { kind: 'absent', path: `/a${HOSTILE}` },
  { kind: 'forbidden', path: `/a${HOSTILE}`, code: 'EACCES' },
  { kind: 'forbidden', path: `/a${HOSTILE}`, code: 'ELOOP' },
  { kind: 'writable', path: `/a${HOSTILE}`, value: true },
  { kind: 'writable', path: `/a${HOSTILE}`, value: false },
  { kind: 'unit', unit: 'a.service', state: 'failed' },
  { kind: 'no-manager', unit: 'a.service' },
  { kind: 'unit-untold', unit: 'a.service', cause: new Error(`x${HOSTILE}`) },
  { kind: 'no-unit-name', unit: `a${HOSTILE}` },
  { kind: 'no-program', program: `a${HOSTILE}`, searched: [`/b${HOSTILE}`] },
  { kind: 'not-executable', path: `/a${HOSTILE}` },
  { kind: 'program', path: `/a${HOSTILE}` },
  { kind: 'ended', path: '/a', status: 3, said: `oh${HOSTILE}` },
  { kind: 'killed', path: '/a', signal: 'SIGSEGV', said: '' },
  { kind: 'timed-out', path: '/a', seconds: 30 },
  { kind: 'not-started', path: '/a', cause: new Error(`x${HOSTILE}`) },
  { kind: 'other-root', root: `/a${HOSTILE}` },
];

const expectation = (...results: readonly Result[]): Expectation => ({
  extensionClass: SYSEXT,
  program: 'sysext',
  root: '/',
  results,
});

const ALL = expectation(
  ...FOUND.map((found, index) => result(index % 2 === 0 ? 'fails' : 'untold', `merged a${HOSTILE}`, found)),
);

test.each(['text', 'tap', 'junit', 'github'] as const)(
  'as %s nothing of what is hostile gets through',
  async (format) => {
    for (const line of (await formatExpectation(ALL, format, 'off')).split('\n'))
      expect(line).not.toMatch(DANGEROUS);
  },
);

test('as JSON, by the schema', async () => {
  const { verdict, assertions } = readExpected(await formatExpectation(ALL, 'text', 'pretty'));
  expect(verdict).toBe('fails');
  expect(assertions).toHaveLength(FOUND.length);
  expect(assertions[0]).toMatchObject({ file: 'list', line: 7, verdict: 'fails' });
});

const SMALL = expectation(
  result('holds', 'merged #1 \\', { kind: 'merged', extension: 'a', hierarchies: ['/usr', '/opt'] }),
  result('fails', 'command "x <&>" works', { kind: 'ended', path: '/x', status: 2, said: `"]]>'` }),
  result('untold', 'unit x active', { kind: 'no-manager', unit: 'x.service' }),
);

test('text', async () => {
  expect(await formatExpectation(SMALL, 'text', 'off')).toBe(
    [
      'ok: merged #1 \\',
      'NOT OK: command "x <&>" works',
      `  Found: '/x' ended with exit status 2: "]]>'.`,
      '  What to do: run it by hand to see all that it says.',
      'CANNOT BE TOLD: unit x active',
      "  Found: of 'x.service' it cannot be told: no service manager runs here, neither systemd nor OpenRC.",
      '  What to do: ask on a machine that was booted, or assert the command that the service runs.',
      '1 of 3 holds, 1 does not, of 1 it cannot be told.',
      '',
    ].join('\n'),
  );
});

test('TAP: what would be a directive is escaped', async () => {
  const lines = (await formatExpectation(SMALL, 'tap', 'off')).split('\n');
  expect(lines.slice(0, 6)).toEqual([
    'TAP version 14',
    '1..3',
    'ok 1 - merged \\#1 \\\\',
    'not ok 2 - command "x <&>" works',
    '  ---',
    `  message: "'/x' ended with exit status 2: \\"]]>'"`,
  ]);
  expect(lines.filter((line) => /^(not )?ok/.test(line))).toHaveLength(3);
});

test('JUnit: every special character is an entity', async () => {
  const xml = await formatExpectation(SMALL, 'junit', 'off');
  expect(xml).toContain('<testsuites name="sysext expect" tests="3" failures="1" errors="1">');
  expect(xml).toContain(
    '<testcase name="command &quot;x &lt;&amp;&gt;&quot; works" classname="sysext.expect.merged">',
  );
  expect(xml).toContain('&quot;]]&gt;&apos;');
  expect(xml.replace(/<\/?[a-z?][^<>]*>/g, '')).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|apos);)/);
});

test('GitHub: what does not hold is an error with file and line', async () => {
  const lines = (await formatExpectation(SMALL, 'github', 'off')).split('\n');
  expect(lines[1]).toMatch(
    /^::error file=list,line=7,title=does not hold%3A command "x <&>" works::'\/x' ended/,
  );
  expect(lines[2]).toMatch(/^::error file=list,line=7,title=cannot be told%3A unit x active::/);
});

test('one that fails counts more than one that cannot be told', () => {
  const status = (...verdicts: Result['verdict'][]) => expectStatus(verdicts.map((verdict) => ({ verdict })));
  expect([status('holds'), status('holds', 'untold'), status('untold', 'fails')]).toEqual([0, 2, 1]);
});

test('what cannot be understood is told with its form, and where it stands', () => {
  const place = { kind: 'argument', number: 1 } as const;
  const problem = { kind: 'missing', about: 'merged', what: 'EXTENSION' } as const;
  const line = { kind: 'line', file: 'list', number: 2 } as const;
  const error = new AssertionSyntaxError([
    { text: 'merged', place, problem },
    { text: 'x', place: line, problem: { kind: 'unknown-word', word: 'x' } },
  ]);
  expect(describeSyntax(error)).toEqual([
    "Cannot understand 'merged' (argument 1): EXTENSION is missing; write: merged EXTENSION. Each assertion is one argument: put it into quotes.",
    "Cannot understand 'x' ('list', line 2): an assertion begins with one of merged, not-merged, ignored, file, no-file, command, writable, unit, not with 'x'.",
  ]);
  expect(describeSyntax(new AssertionSyntaxError([]))).toHaveLength(1);
});
