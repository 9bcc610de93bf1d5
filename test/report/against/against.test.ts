import { CLASSES } from '../../../src/extension-class.js';
import { type AgainstReport, againstStatus, outcomesOn } from '../../../src/report/against/outcome.js';
import { againstReport } from '../../../src/report/against/report.js';
import type { Candidate } from '../../../src/report/explanation/candidate.js';
import { readAgainst } from '../../support/schema.js';
import { candidate, extension, HOST, host } from '../explanation/samples.js';
import { DANGEROUS, HOSTILE } from '../hostile.js';

const NEXT = host('ID=debian VERSION_ID=14', '/next/etc/os-release');
const HOSTS = [NEXT, HOST];

const ANY = extension('any', 'ID=_any', HOSTS);
const OLD = extension('old', 'ID=debian VERSION_ID=13', HOSTS);
const NEW = extension('new', 'ID=debian VERSION_ID=14', HOSTS);
const FOREIGN = extension('foreign', 'ID=fedora', HOSTS);
const BROKEN = candidate('broken', { kind: 'unusable', problem: { kind: 'text' } });
const SECRET = candidate('secret', { kind: 'untold', reason: 'permission' });
const HIDDEN: Candidate = {
  kind: 'passed-over',
  passedOver: { kind: 'hidden', entry: '/v/old', name: 'old', by: '/e/old' },
};

const report = (...candidates: Candidate[]): AgainstReport => ({
  extensionClass: CLASSES.sysext,
  present: HOST.release,
  systems: [NEXT],
  candidates,
});

test('what becomes of each, by what it is now', () => {
  const all = report(ANY, OLD, NEW, FOREIGN, BROKEN, SECRET, HIDDEN);
  expect(outcomesOn(all, 0).map(({ outcome }) => outcome)).toEqual([
    'stays',
    'drops-out',
    'comes-in',
    'stays-out',
    'unusable',
    'untold',
  ]);
  // What is ignored here drops out of nothing; of a system that does not say what it is, nobody knows.
  const unknown = { ...report(ANY, FOREIGN), present: null };
  expect(outcomesOn(unknown, 0).map(({ outcome }) => outcome)).toEqual(['stays', 'drops-out']);
});

test.each<[string, readonly Candidate[], number]>([
  ['nothing is installed', [], 0],
  ['all stay, come in, or are out anyway', [ANY, NEW, FOREIGN, HIDDEN], 0],
  ['one drops out', [ANY, OLD], 1],
  ['one drops out, whatever cannot be told', [OLD, SECRET], 1],
  ['one keeps all others out', [ANY, BROKEN], 1],
  ['one cannot be told', [ANY, SECRET], 2],
])('the exit status: %s', (_, candidates, status) => {
  expect(againstStatus(report(...candidates))).toBe(status);
});

test('in words: the worst first, and what to do', async () => {
  expect(await againstReport(report(ANY, FOREIGN, OLD, NEW), 'text', 'off')).toBe(
    [
      'For /next/etc/os-release (ID=debian VERSION_ID=14; x86-64, system).',
      '1 of 4 OS extensions would drop out.',
      "  'old' would drop out: it is for VERSION_ID=13, but the host has VERSION_ID=14.",
      '    What to do: install a build for that version, or set VERSION_ID=14 in its extension-release.foo if it fits.',
      "  'new': would be merged, which it is not now.",
      "  'foreign' would be ignored, as it is now: it is for ID=fedora, but the host has ID=debian.",
      '    What to do: install a build for debian, or set ID=_any in its extension-release.foo if it fits every system.',
      "  'any': would be merged as now.",
      '',
    ].join('\n'),
  );
  expect(await againstReport(report(HIDDEN), 'text', 'off')).toContain(
    'There are no OS extensions that could',
  );
});

test('JSON, by the schema', async () => {
  const { answer, present, systems } = readAgainst(
    await againstReport(report(OLD, BROKEN, SECRET), 'text', 'pretty'),
  );
  expect({ answer, present: present?.versionId }).toEqual({ answer: 'drops-out', present: '13' });
  expect(systems[0]!.extensions.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['old', 'drops-out'],
    ['broken', 'unusable'],
    ['secret', 'untold'],
  ]);
});

test('annotations: an error for each that is lost, none for what stays', async () => {
  const lines = (await againstReport(report(ANY, OLD, SECRET, FOREIGN), 'github', 'off')).split('\n');
  expect(lines.map((line) => /^::(\w+) .*title=(\w+)/.exec(line)?.slice(1))).toEqual([
    ['error', 'old'],
    ['error', 'secret'],
    ['notice', 'foreign'],
    undefined,
  ]);
});

test('no form can be misread because of what an extension or a system says', async () => {
  const bad = host(`ID=debian VERSION_ID=14${HOSTILE}`, `/next${HOSTILE}`);
  const evil = extension(`old${HOSTILE}`, `ID=debian VERSION_ID=13${HOSTILE}`, [bad, HOST]);
  const hostile = { ...report(evil), systems: [bad], present: null };
  for (const [format, json] of [
    ['text', 'off'],
    ['github', 'off'],
    ['text', 'short'],
  ] as const) {
    const text = await againstReport(hostile, format, json);
    expect(text.replaceAll('\n', '')).not.toMatch(DANGEROUS);
    expect(text.split('\n').length).toBeLessThan(6);
  }
});
