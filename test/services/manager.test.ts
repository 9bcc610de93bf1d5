import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectManager, readStage } from '../../src/services/manager.js';
import { FakePrograms } from './fake-programs.js';

let run: string;
let programs: FakePrograms;
const here = () => ({ run, ownRoot: '/', firstRoot: '/', uidMap: '/proc/self/uid_map' });

beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'run-'));
  programs = new FakePrograms();
});
afterEach(() => {
  rmSync(run, { recursive: true });
  programs.remove();
});

function openrc(...marks: string[]): void {
  mkdirSync(join(run, 'openrc'), { recursive: true });
  for (const mark of ['softlevel', ...marks]) writeFileSync(join(run, 'openrc', mark), '');
}

test('none', () => expect(detectManager(here())).toBeNull());

test('systemd', () => {
  mkdirSync(join(run, 'systemd/system'), { recursive: true });
  openrc();
  expect(detectManager(here())).toBe('systemd');
});

test('a symlink is not what sd_booted(3) looks for', () => {
  mkdirSync(join(run, 'systemd'));
  symlinkSync('/', join(run, 'systemd/system'));
  expect(detectManager(here())).toBeNull();
});

test('OpenRC, once it has booted the machine', () => {
  mkdirSync(join(run, 'openrc'));
  expect(detectManager(here())).toBeNull();
  openrc();
  expect(detectManager(here())).toBe('openrc');
});

test('not in a chroot, nor without /proc', () => {
  openrc();
  expect(detectManager({ ...here(), firstRoot: run })).toBeNull();
  expect(detectManager({ ...here(), firstRoot: join(run, 'missing') })).toBeNull();
});

test('where the root of PID 1 may not be looked at: not in a user namespace', () => {
  openrc();
  const map = join(run, 'uid_map');
  const detect = (content: string) => {
    writeFileSync(map, content);
    const nobody = join(run, 'closed');
    mkdirSync(nobody, { recursive: true, mode: 0o000 });
    const firstRoot = join(nobody, 'root');
    return asNobody(() => detectManager({ ...here(), firstRoot, uidMap: map }));
  };
  expect(detect('         0       1000          1\n')).toBeNull();
  expect(detect('         0          0 4294967295\n')).toBe('openrc');
});

/** Without the capabilities of root, permissions count. */
function asNobody<T>(action: () => T): T {
  if (process.geteuid?.() !== 0) return action();
  chmodSync(run, 0o755);
  process.seteuid?.(65534);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}

test.each([
  ['initializing', 'boot'],
  ['starting', 'boot'],
  ['running', 'running'],
  ['degraded', 'running'],
  ['maintenance', 'running'],
  ['stopping', 'shutdown'],
  ['offline', 'running'],
])('systemd says %s: %s', (state, stage) => {
  programs.add('systemctl', `echo ${state}; [ ${state} = running ]`);
  expect(readStage('systemd')).toBe(stage);
  expect(programs.calls).toEqual([['systemctl', 'is-system-running']]);
});

test('systemctl is missing', () => {
  programs.alone();
  expect(readStage('systemd')).toBe('running');
});

test('OpenRC marks what it does', () => {
  openrc();
  expect(readStage('openrc', here())).toBe('running');
  openrc('rc.starting');
  expect(readStage('openrc', here())).toBe('boot');
  openrc('rc.stopping');
  expect(readStage('openrc', here())).toBe('shutdown');
});

test('no manager', () => expect(readStage(null)).toBe('running'));
