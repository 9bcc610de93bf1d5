import { applySteps, exitStatusOf } from '../../src/services/apply.js';
import { planServices } from '../../src/services/plan-services.js';
import { FakePrograms } from './fake-programs.js';

let programs: FakePrograms;
beforeEach(() => {
  programs = new FakePrograms();
});
afterEach(() => programs.remove());

const WISHES = { reload: true, restart: ['a\\x2db.service', 'gone.service'], reloadOrRestart: ['r.service'] };

function apply(manager: 'systemd' | 'openrc') {
  const outcomes = applySteps(planServices(WISHES, manager, 'running').steps);
  return { outcomes, status: exitStatusOf(outcomes) };
}
const kinds = ({ outcomes }: ReturnType<typeof apply>) =>
  outcomes.map((outcome) => ('action' in outcome ? [outcome.kind, outcome.action] : [outcome.kind]));

test('systemd: arguments arrive as they are; what is gone is stopped', () => {
  programs.add('systemctl', 'case "$1 $3" in "restart gone.service") exit 5;; esac');
  const result = apply('systemd');
  expect(programs.calls).toEqual([
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'restart', '--', 'a\\x2db.service'],
    ['systemctl', 'restart', '--', 'gone.service'],
    ['systemctl', 'stop', '--', 'gone.service'],
    ['systemctl', 'reset-failed', '--', 'gone.service'],
    ['systemctl', 'reload-or-restart', '--', 'r.service'],
  ]);
  expect(kinds(result)).toEqual([
    ['done', 'reload-manager'],
    ['done', 'restart'],
    ['done', 'stop'],
    ['done', 'reload-or-restart'],
  ]);
  expect(result.status).toBe(0);
});

test('systemd: a unit that does not even run is absent', () => {
  programs.add('systemctl', 'case "$3" in gone.service) exit 5;; esac');
  expect(kinds(apply('systemd'))[2]).toEqual(['absent']);
});

test('systemd: a unit whose file is unusable is stopped', () => {
  programs.add('systemctl', 'case "$1 $3" in "restart gone.service") exit 6;; esac');
  expect(kinds(apply('systemd'))[2]).toEqual(['done', 'stop']);
});

test('a unit that fails does not keep the others from their turn, and is no failure of the verb', () => {
  programs.add('systemctl', 'case "$3" in a*) echo "Job for a failed." >&2; exit 1;; esac');
  const result = apply('systemd');
  expect(kinds(result)[1]).toEqual(['failed', 'restart']);
  expect(kinds(result)[3]).toEqual(['done', 'reload-or-restart']);
  expect(result.status).toBe(0);
});

test('a manager that does not reload: units are left alone, and the verb fails', () => {
  programs.add('systemctl', 'exit 1');
  const result = apply('systemd');
  expect(programs.calls).toEqual([['systemctl', 'daemon-reload']]);
  expect(kinds(result)).toEqual([['failed', 'reload-manager'], ['skipped'], ['skipped'], ['skipped']]);
  expect(result.status).toBe(1);
});

test('a program killed by a signal has failed', () => {
  programs.add('systemctl', 'kill -9 $$');
  expect(kinds(apply('systemd'))[0]).toEqual(['failed', 'reload-manager']);
});

test('a program that is not installed is no failure of the verb', () => {
  programs.alone();
  const result = apply('systemd');
  expect(kinds(result)).toEqual([['program-missing'], ['skipped'], ['skipped'], ['skipped']]);
  expect(result.status).toBe(0);
});

test('OpenRC: absent services are left alone, a failed reload becomes a restart', () => {
  programs.add('rc-update');
  programs.add('rc-service', 'case "$*" in --exists=gone | *reload) exit 1;; esac');
  const result = apply('openrc');
  expect(programs.calls).toEqual([
    ['rc-update', '--update'],
    ['rc-service', '--exists=a\\x2db'],
    ['rc-service', '--', 'a\\x2db', 'restart'],
    ['rc-service', '--exists=gone'],
    ['rc-service', '--exists=r'],
    ['rc-service', '--', 'r', 'reload'],
    ['rc-service', '--', 'r', 'restart'],
  ]);
  expect(kinds(result)).toEqual([
    ['done', 'reload-manager'],
    ['done', 'restart'],
    ['absent'],
    ['done', 'restart'],
  ]);
});

test('programs get an environment of their own', () => {
  process.env['HOSTILE_VARIABLE'] = 'x';
  programs.add('systemctl', '[ -z "$HOSTILE_VARIABLE" ]');
  expect(apply('systemd').status).toBe(0);
  delete process.env['HOSTILE_VARIABLE'];
});
