import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { applySteps } from '../../src/services/apply.js';
import { planStopFirst } from '../../src/services/stop-first.js';
import { FakePrograms } from './fake-programs.js';

let tree: string;
let programs: FakePrograms;
beforeEach(() => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), 'stop-first-')));
  programs = new FakePrograms();
});
afterEach(() => {
  rmSync(tree, { recursive: true });
  programs.remove();
});

const wishes = {
  reload: true,
  restart: ['host.service', 'mine.service', 'x.socket'],
  reloadOrRestart: ['gone.service'],
};

function install(path: string): string {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), '');
  return join(tree, path);
}

test('OpenRC: stops what has its script in a merged hierarchy, and nothing that needs it', () => {
  const mine = install('usr/local/etc/init.d/mine');
  const host = install('etc/init.d/host');
  programs.add(
    'rc-service',
    `case "$1" in --resolve=mine) echo '${mine}';; --resolve=host) echo '${host}';; --resolve=*) exit 1;; esac`,
  );
  const steps = planStopFirst(wishes, 'openrc', 'running', [join(tree, 'usr'), join(tree, 'opt')]);
  expect(steps.map(({ unit }) => unit)).toEqual(['mine.service']);
  expect(applySteps(steps)).toMatchObject([{ kind: 'done', action: 'stop' }]);
  expect(programs.calls.slice(-2)).toEqual([
    ['rc-service', '--exists=mine'],
    ['rc-service', '--', 'mine', '--nodeps', 'stop'],
  ]);
});

test('a script that is gone already', () => {
  programs.add('rc-service', `echo '${tree}/usr/none'`);
  expect(planStopFirst(wishes, 'openrc', 'running', [join(tree, 'usr')])).toEqual([]);
});

test('nothing with systemd, without a manager, while the machine boots or shuts down', () => {
  programs.add('rc-service');
  expect(planStopFirst(wishes, 'systemd', 'running', ['/usr'])).toEqual([]);
  expect(planStopFirst(wishes, null, 'running', ['/usr'])).toEqual([]);
  expect(planStopFirst(wishes, 'openrc', 'boot', ['/usr'])).toEqual([]);
  expect(planStopFirst(wishes, 'openrc', 'shutdown', ['/usr'])).toEqual([]);
  expect(programs.calls).toEqual([]);
});

test('rc-service is not installed', () => {
  programs.alone();
  expect(planStopFirst(wishes, 'openrc', 'running', ['/usr'])).toEqual([]);
});
