import { CODES, type FindingCode } from '../../../src/check/codes.js';
import { SYSEXT } from '../../../src/extension-class.js';
import type { Image } from '../../../src/images/image.js';
import type { CheckReport, Outcome } from '../../../src/report/check/checked.js';
import { checkStatus } from '../../../src/report/check/checked.js';
import { formatCheck } from '../../../src/report/check/report.js';
import { messageOf, uriOf } from '../../../src/report/check/sarif.js';
import { tell } from '../../../src/report/check/sentences.js';
import { readChecked } from '../../support/check-schema.js';
import { readSarif } from '../../support/sarif-schema.js';
import { DANGEROUS, HOSTILE } from '../hostile.js';

const IMAGE: Image = {
  kind: 'directory',
  name: `foo${HOSTILE}`,
  path: `/foo${HOSTILE}`,
  entry: `foo${HOSTILE}`,
  label: 'foo',
  time: 0n,
  versions: null,
};

/** Whatever any wording may look at, as an image may have it. */
const DETAIL = Object.fromEntries(
  [
    ...[
      'name',
      'wanted',
      'others',
      'candidates',
      'line',
      'text',
      'id',
      'level',
      'found',
      'field',
      'own',
      'class',
      'value',
    ],
    ...[
      'version',
      'better',
      'release',
      'count',
      'hierarchies',
      'target',
      'code',
      'limit',
      'owner',
      'all',
      'mode',
      'missing',
    ],
    ...[
      'relative',
      'leads',
      'unit',
      'dropIn',
      'key',
      'program',
      'about',
      'host',
      'why',
      'type',
      'kind',
      'problem',
      'what',
    ],
    ...[
      'library',
      'machine',
      'interpreter',
      'loader',
      'path',
      'directory',
      'symbol',
      'by',
      'needed',
      'file',
      'example',
    ],
  ].map((key) => [key, HOSTILE]),
);

const codes = Object.keys(CODES) as FindingCode[];
const findings = codes.map((code) => ({
  code,
  severity: CODES[code],
  path: `/usr/${HOSTILE}`,
  detail: DETAIL,
}));

const outcome: Outcome = {
  kind: 'checked',
  findings: { findings, more: [{ code: 'wrong-owner', severity: 'warning', count: 3 }] },
  followUps: [
    {
      reader: 'units',
      command: ['systemctl', HOSTILE, "it's"],
      path: `/usr/${HOSTILE}`,
      count: 2,
      isDone: true,
      writes: true,
    },
  ],
  against: { kind: 'other', field: 'ID', wanted: HOSTILE, found: HOSTILE },
  forbidden: [`/usr/${HOSTILE}`],
};
const report = (one: Outcome): CheckReport => ({
  extensionClass: SYSEXT,
  images: [{ image: IMAGE, outcome: one }],
});

test('no form lets anything through that a terminal obeys, of any code', async () => {
  for (const [format, json] of [
    ['text', 'off'],
    ['text', 'short'],
    ['text', 'pretty'],
    ['sarif', 'short'],
    ['github', 'off'],
  ] as const) {
    const printed = await formatCheck(report(outcome), format, json, '1.2.3');
    expect(printed.replace(/[\n\t]/g, '')).not.toMatch(DANGEROUS);
    if (format === 'sarif') expect(readSarif(printed).results).toHaveLength(codes.length);
    if (json !== 'off' && format === 'text') expect(readChecked(printed).codes).toHaveLength(codes.length);
    if (format === 'github') expect(printed.split('\n')).toHaveLength(codes.length + 2);
  }
});

test('the words of every code are clauses', () => {
  for (const { path, ...finding } of findings) {
    const { title, explanation, message, remedy } = tell({ ...finding, path });
    expect({ code: finding.code, title }).toEqual({
      code: finding.code,
      title: expect.stringMatching(/^[A-Z].*[^.]$/),
    });
    expect(explanation).toMatch(/^[A-Z].*\.$/);
    expect(message).not.toMatch(/\.$/);
    expect(remedy).not.toMatch(/\.$/);
  }
});

test('very many of a kind are told shortly', async () => {
  const [one] = findings.filter(({ code }) => code === 'name-not-utf8');
  const many = {
    ...outcome,
    findings: {
      findings: Array.from({ length: 12 }, () => one!),
      more: [{ code: 'name-not-utf8', severity: 'note', count: 5 } as const],
    },
  };
  const text = await formatCheck(report(many), 'text', 'off', '1.2.3');
  expect(text).toMatch(/: 17 notes\.\n/);
  expect(text.match(/its name is not valid UTF-8/g)).toHaveLength(10);
  expect(text).toContain('... and 7 more.');
});

test('braces and links of SARIF are kept from meaning something', () => {
  expect(messageOf('a {0} [b](1) c')).toEqual({ text: 'a {{0}} \\[b\\](1) c' });
  expect(messageOf('list[0] (x)')).toEqual({ text: 'list[0] (x)' });
});

test.each([
  ['/a b/ü', 'file:///a%20b/%C3%BC'],
  ['a:b/c%', 'a%3Ab/c%25'],
])('%s is %s as a URI', (path, uri) => {
  expect(uriOf(path)).toBe(uri);
});

test('the exit status', () => {
  const whole = { ...outcome, forbidden: [] };
  const notes = findings.filter(({ severity }) => severity === 'note');
  const only = (list: typeof findings): Outcome => ({
    ...whole,
    findings: { findings: list, more: [] },
  });
  expect(checkStatus(report(only([])))).toBe(0);
  expect(checkStatus(report(only(notes)))).toBe(0);
  expect(checkStatus(report(whole))).toBe(1);
  expect(checkStatus(report(outcome))).toBe(2);
  expect(checkStatus(report({ kind: 'untold', answer: { problem: '', remedy: null } }))).toBe(2);
});
