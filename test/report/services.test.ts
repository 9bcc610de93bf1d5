import { CommandFailedError } from '../../src/host/process.js';
import { describeLeftOut, describeOutcome, describeWishProblem } from '../../src/report/services.js';
import { planServices } from '../../src/services/plan-services.js';

const plan = (stage: 'running' | 'boot') =>
  planServices({ reload: true, restart: ['a.service'], reloadOrRestart: [] }, 'systemd', stage).steps;
const [reload, restart] = plan('running');
const failure = (stderr: string, status: number | null = 1, signal: NodeJS.Signals | null = null) =>
  new CommandFailedError({ command: ['systemctl'], status, signal, stdout: '', stderr });

test('problems show what was written, harmless', () => {
  const problem = { extension: 'x\x1b[2J', field: 'EXTENSION_RESTART_UNITS' as const };
  expect(describeWishProblem({ ...problem, kind: 'unit-name', value: 'a;b\n' })).toEqual({
    level: 'warning',
    message:
      "Extension 'x\\x1b[2J': 'a;b\\n' in EXTENSION_RESTART_UNITS= is not the name of a unit, skipped.",
  });
  const long = describeWishProblem({ ...problem, kind: 'unit-name', value: 'x'.repeat(10_000) });
  expect(long.message.length).toBeLessThan(400);
  expect(
    describeWishProblem({
      ...problem,
      kind: 'not-boolean',
      field: 'EXTENSION_RELOAD_MANAGER',
      value: 'maybe',
    }).message,
  ).toContain("'maybe' in EXTENSION_RELOAD_MANAGER= is neither yes nor no");
});

test('what is done, queued, absent', () => {
  expect(describeOutcome({ kind: 'done', step: reload!, action: 'reload-manager' })).toEqual({
    level: 'debug',
    message: 'Reloaded the service manager.',
  });
  expect(describeOutcome({ kind: 'done', step: restart!, action: 'stop' })).toEqual({
    level: 'info',
    message: "Stopped 'a.service'.",
  });
  expect(describeOutcome({ kind: 'done', step: plan('boot')[1]!, action: 'restart' }).message).toBe(
    "Asked the service manager to restart 'a.service'.",
  );
  expect(describeOutcome({ kind: 'absent', step: restart! }).level).toBe('debug');
});

test('failures say why and what to do', () => {
  const error = failure('Job for a.service failed.\nSee "systemctl status".\n');
  expect(describeOutcome({ kind: 'failed', step: restart!, action: 'restart', error })).toEqual({
    level: 'warning',
    message:
      "Failed to restart 'a.service': Job for a.service failed; do it by hand: systemctl restart -- a.service",
  });
  const masked = failure('Failed to restart a.service: Unit a.service is masked.\n');
  expect(
    describeOutcome({ kind: 'failed', step: restart!, action: 'restart', error: masked }).message,
  ).toContain("Failed to restart 'a.service': Unit a.service is masked; ");
  const reloadFailed = { kind: 'failed', step: reload!, action: 'reload-manager' } as const;
  expect(describeOutcome({ ...reloadFailed, error: failure('') })).toEqual({
    level: 'err',
    message: 'Failed to reload the service manager: exit status 1; do it by hand: systemctl daemon-reload',
  });
  expect(describeOutcome({ ...reloadFailed, error: failure('', null, 'SIGKILL') }).message).toContain(
    'killed by SIGKILL',
  );
  const noise = failure('noise\n * ERROR: a failed to start\x1b[0m\n');
  expect(describeOutcome({ ...reloadFailed, error: noise }).message).toContain(
    'ERROR: a failed to start\\x1b[0m;',
  );
  expect(describeOutcome({ kind: 'program-missing', step: reload!, program: 'systemctl' }).message).toBe(
    'Could not reload the service manager: systemctl is not installed.',
  );
  expect(describeOutcome({ kind: 'skipped', step: restart! }).message).toBe(
    "Did not restart 'a.service'; do it by hand: systemctl restart -- a.service",
  );
});

test('what is left out', () => {
  const units = ['a.service', 'b.socket'];
  const texts = (['no-manager', 'booting', 'no-service'] as const).map(
    (reason) => describeLeftOut({ reason, reload: false, units }).message,
  );
  for (const text of texts) expect(text).toContain("'a.service', 'b.socket'");
  expect(describeLeftOut({ reason: 'no-manager', reload: true, units: [] }).level).toBe('info');
});
