import { dryRunStatus, type Outcome } from '../../../src/report/dry-run/dry-run.js';
import { dryRunReport } from '../../../src/report/dry-run/report.js';
import { dryRunScript } from '../../../src/report/dry-run/script/script.js';
import type { ServiceStep } from '../../../src/services/plan-services.js';
import { planSystemd } from '../../../src/services/systemd.js';
import { readPlan } from '../../support/plan-schema.js';
import { DANGEROUS, makeHostile } from '../hostile.js';
import { dryRun, steps, TARGET } from './samples.js';

const TEXT = { json: 'off', diff: true } as const;

/** The lines above the steps. */
const summary = (text: string) =>
  text
    .split('\n\n')[0]!
    .split('\n')
    .map((line) => line.trim());

test('which units would be reloaded', () => {
  const wishes = { reload: true, restart: ['a.service'], reloadOrRestart: ['b.socket', 'c.service'] };
  const services = {
    manager: 'systemd',
    first: [],
    after: planSystemd(wishes, 'running'),
    problems: [],
  } as const;
  const text = dryRunReport(dryRun({ services }), TEXT);
  expect(summary(text)).toEqual([
    "Refresh would merge 'a' in place of 'a', 'b'.",
    "'/usr' would stay read-only; files from 'a'.",
    "'/usr/local', mounted below it, would move into the merged tree.",
    'systemd would read its files again.',
    "Units that would be restarted: 'a.service'.",
    "Units that would be reloaded, or restarted: 'b.socket', 'c.service'.",
  ]);
  expect(text).toContain("Reload or restart 'c.service' (systemctl reload-or-restart -- c.service)\n");
  const json = readPlan(dryRunReport(dryRun({ services }), { json: 'short', diff: true }));
  expect(json).toMatchObject({
    services: { manager: 'systemd', restart: ['a.service'], reloadManager: true },
  });
});

test.each<[Outcome, string, 0 | 1 | 2]>([
  [
    { kind: 'nothing', because: 'unchanged' },
    'Refresh would do nothing, because what is merged is what would be merged',
    0,
  ],
  [
    { kind: 'nothing', because: 'none-found' },
    'Refresh would do nothing, because no OS extensions are installed',
    0,
  ],
  [{ kind: 'nothing', because: 'none-fit' }, 'Refresh would do nothing, because none of the installed', 0],
  [{ kind: 'nothing', because: 'none-merged' }, 'Refresh would do nothing, because nothing is merged.', 0],
  [{ kind: 'fails', lines: ['It is so.'] }, 'Refresh would fail, and change nothing:\n  It is so.', 1],
  [{ kind: 'untold', lines: ['It is so.'] }, 'What refresh would do cannot be told:\n  It is so.', 2],
])('without steps: %j', (outcome, said, status) => {
  expect(dryRunReport(dryRun({ outcome }), TEXT)).toContain(said);
  expect(dryRunReport(dryRun({ outcome }), TEXT)).not.toContain('Steps:');
  expect(dryRunStatus({ outcome })).toBe(status);
});

test('each reason of a difference is told once, at what it is about', () => {
  const reasons = [
    { kind: 'mutable-mode', before: 'no', now: 'yes' },
    { kind: 'replaced', extension: 'a', fields: ['inode'] },
    { kind: 'removed', extension: 'b' },
  ] as const;
  const writing = {
    upper: { path: '/w', work: '/.systemd-usr-workdir', kind: 'directory' },
    imported: null,
    recorded: '/w',
  } as const;
  const outcome = steps({ ...TARGET, writing });
  const [, diff = ''] = dryRunReport(dryRun({ reasons, outcome }), TEXT).split('\n\n');
  expect(diff.split('\n')).toEqual([
    'Compared with what is merged now:',
    "  - 'b': no longer merged.",
    "  ~ 'a': Extension 'a' is another file or has other content (inode).",
    "  ~ '/usr': was merged read-only, would be merged writable.",
    'Why it would be done anew:',
    '  The mutable mode was no and is yes now.',
    "  Extension 'b' is no longer used.",
  ]);
});

test('whatever is in a name, it gets neither into the lines nor out of the comments', () => {
  const trusted = [
    'kind',
    'device',
    'verb',
    'because',
    'mode',
    'type',
    'action',
    'manager',
    'workspace',
    'state',
  ];
  const restart: ServiceStep = {
    action: 'restart',
    unit: 'a.service',
    exists: ['true'],
    command: ['true'],
    otherwise: null,
    queued: false,
  };
  const services = {
    manager: 'openrc',
    first: [restart],
    after: { steps: [restart], leftOut: [] },
    problems: [],
  } as const;
  const plain = dryRun({ services, messages: [{ level: 'notice', message: 'A message.' }] });
  const { extensionClass, caller, ...data } = plain;
  const hostile = { ...makeHostile(data, trusted), extensionClass, caller };
  const text = dryRunReport(hostile, TEXT);
  expect(text.split('\n').filter((line) => DANGEROUS.test(line))).toEqual([]);
  expect(text.split('\n')).toHaveLength(dryRunReport(plain, TEXT).split('\n').length);
  const script = dryRunScript(hostile);
  expect(script.split('\n').filter((line) => DANGEROUS.test(line.replaceAll('\t', '')))).toEqual([]);
});
