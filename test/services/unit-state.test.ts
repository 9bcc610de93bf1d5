import { CommandFailedError, CommandMissingError } from '../../src/host/process.js';
import { readUnitState } from '../../src/services/unit-state.js';
import { FakePrograms } from './fake-programs.js';

let programs: FakePrograms;
beforeEach(() => {
  programs = new FakePrograms();
});
afterEach(() => programs.remove());

test.each([
  ['active', 0, true],
  ['reloading', 0, true],
  ['activating', 3, false],
  ['inactive', 3, false],
  ['failed', 3, false],
  ['not-found', 4, false],
])('systemctl says %s', (state, status, isActive) => {
  programs.add('systemctl', `echo ${state}; exit ${status}`);
  expect(readUnitState('a.service', 'systemd')).toEqual({ isActive, state });
  expect(programs.calls).toEqual([['systemctl', 'is-active', '--', 'a.service']]);
});

test('systemctl that gives no answer', () => {
  programs.add('systemctl', 'echo "Failed to connect" >&2; exit 1');
  expect(() => readUnitState('a.service', 'systemd')).toThrow(CommandFailedError);
});

test.each([
  [0, 'started', true],
  [3, 'stopped', false],
  [32, 'crashed', false],
  [8, 'exit status 8', false],
])('rc-service status ends with %s', (status, state, isActive) => {
  programs.add('rc-service', `case $1 in --exists=a.b) exit 0 ;; esac; exit ${status}`);
  expect(readUnitState('a@b.service', 'openrc')).toEqual({ isActive, state });
  expect(programs.calls.at(-1)).toEqual(['rc-service', '--', 'a.b', 'status']);
});

test('OpenRC has no such service, or no services of that kind', () => {
  programs.add('rc-service', 'exit 1');
  for (const unit of ['a.service', 'a.socket'])
    expect(readUnitState(unit, 'openrc')).toEqual({ isActive: false, state: 'not-found' });
});

test('no program to ask', () => {
  programs.alone();
  expect(() => readUnitState('a.service', 'systemd')).toThrow(CommandMissingError);
});
