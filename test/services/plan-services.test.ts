import { planServices } from '../../src/services/plan-services.js';

const WISHES = { reload: true, restart: ['-a.service', 'b.socket'], reloadOrRestart: ['c@d.service'] };
const RELOAD_ONLY = { reload: true, restart: [], reloadOrRestart: [] };
const NO_WISH = { ...RELOAD_ONLY, reload: false };

const lines = (plan: ReturnType<typeof planServices>) =>
  plan.steps.map(({ exists, command, otherwise }) =>
    [exists, command, otherwise?.command].map((words) => words?.join(' ') ?? null),
  );

test.each(['systemd', 'openrc', null] as const)('%s: no wish, no steps', (manager) => {
  expect(planServices(NO_WISH, manager, 'running')).toEqual({ steps: [], leftOut: [] });
});

test.each(['systemd', 'openrc', null] as const)('%s: nothing while the machine shuts down', (manager) => {
  expect(planServices(WISHES, manager, 'shutdown')).toEqual({ steps: [], leftOut: [] });
});

test('systemd: reload, restart, reload or restart, one unit a command', () => {
  const plan = planServices(WISHES, 'systemd', 'running');
  expect(lines(plan)).toEqual([
    [null, 'systemctl daemon-reload', null],
    [null, 'systemctl restart -- -a.service', 'systemctl stop -- -a.service'],
    [null, 'systemctl restart -- b.socket', 'systemctl stop -- b.socket'],
    [null, 'systemctl reload-or-restart -- c@d.service', 'systemctl stop -- c@d.service'],
  ]);
  expect(plan.leftOut).toEqual([]);
});

test('systemd: while the machine boots nothing but the reload is waited for', () => {
  const plan = planServices(WISHES, 'systemd', 'boot');
  expect(plan.steps.map(({ command, queued }) => [command[1], queued])).toEqual([
    ['daemon-reload', false],
    ['--no-block', true],
    ['--no-block', true],
    ['--no-block', true],
  ]);
});

test('OpenRC: services only, by their names there', () => {
  const plan = planServices(WISHES, 'openrc', 'running');
  expect(lines(plan)).toEqual([
    [null, 'rc-update --update', null],
    ['rc-service --exists=-a', 'rc-service -- -a restart', null],
    ['rc-service --exists=c.d', 'rc-service -- c.d reload', 'rc-service -- c.d restart'],
  ]);
  expect(plan.leftOut).toEqual([{ reason: 'no-service', reload: false, units: ['b.socket'] }]);
});

test('OpenRC: a name that could be a directory is no service', () => {
  const wishes = { ...RELOAD_ONLY, restart: ['..service', '...service'] };
  const plan = planServices(wishes, 'openrc', 'running');
  expect(plan.steps).toHaveLength(1);
  expect(plan.leftOut).toEqual([{ reason: 'no-service', reload: false, units: wishes.restart }]);
});

test('OpenRC: while the machine boots only the cache is made anew', () => {
  const plan = planServices(WISHES, 'openrc', 'boot');
  expect(lines(plan)).toEqual([[null, 'rc-update --update', null]]);
  expect(plan.leftOut).toEqual([
    { reason: 'no-service', reload: false, units: ['b.socket'] },
    { reason: 'booting', reload: false, units: ['-a.service', 'c@d.service'] },
  ]);
});

test('no manager: all is left out', () => {
  expect(planServices(WISHES, null, 'running')).toEqual({
    steps: [],
    leftOut: [{ reason: 'no-manager', reload: true, units: ['-a.service', 'b.socket', 'c@d.service'] }],
  });
});
