import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand } from '../../support/debian.js';
import { type FaultyPath, hang, killBefore } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';

/** flock(1) first, then the workspace: whoever hangs here holds the lock. */
const WORKSPACE = 2;
const HANGS = { [WORKSPACE]: hang };

const TREE = { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n' } }) };

let machine: Machine;
let slow: FaultyPath;
beforeEach(async () => {
  machine = await Machine.open({ tree: TREE });
  await machine.namespace.must(['mkdir', '/run/systemd']);
  slow = machine.faults();
  slow.plan(HANGS);
});
afterEach(() => machine.close());

/** A merge that hangs while it holds the lock, and whose end is awaited by what is returned. */
async function slowMerge(): Promise<() => Promise<void>> {
  const merge = machine.call('merge', { faults: slow });
  await slow.reached(WORKSPACE);
  return async () => {
    await slow.release();
    succeeded(await merge);
  };
}

test('a refresh waits for a slow merge, says after a second for whom, and then does its work', async () => {
  const finish = await slowMerge();
  const waiting = machine.faults();
  const refresh = machine.call('refresh', { faults: waiting });
  // It has tried for a second, has told, and now tries without limit.
  await waiting.reached(2);
  await finish();
  const { stderr } = succeeded(await refresh);
  expect(stderr).toMatch(
    /^Waiting for another call \(process \d+\) to finish …\nSkipping extension refresh because no change/,
  );
  expect(machine.mounts()).toHaveLength(2);
  expect(machine.state().run).toEqual(['systemd']);
});

test.each(['0', '1', '1.5'])(
  '--lock-timeout=%s gives up with exit status 1, and the other call gets to its end',
  async (seconds) => {
    const finish = await slowMerge();
    const line = failedWith(await machine.call(['refresh', `--lock-timeout=${seconds}`, '--log-level=err']));
    expect(line).toMatch(/^Another call \(process \d+\) is at work on the same root/);
    await finish();
    expect(machine.read('opt/a')).toBe('a\n');
    expect(machine.state().run).toEqual(['systemd']);
  },
);

test('without flock(1) the lock is waited for as well, and not for longer than it should', async () => {
  const finish = await slowMerge();
  const bin = join(machine.directory, 'bin');
  mkdirSync(bin);
  for (const name of ['mount', 'umount']) symlinkSync(findCommand(name)!, join(bin, name));
  const env = { PATH: bin };
  for (const seconds of ['0', '0.2', '1.2']) {
    const line = failedWith(await machine.call(`refresh --lock-timeout=${seconds} --log-level=err`, { env }));
    expect(line).toMatch(/^Another call \(process \d+\) is at work on the same root/);
  }
  const refresh = machine.call('refresh', { env });
  await finish();
  expect(succeeded(await refresh).stderr).toContain('Skipping extension refresh because no change');
  expect(machine.state().run).toEqual(['systemd']);
});

test('status and list do not wait, and show what is mounted now', async () => {
  const finish = await slowMerge();
  expect(succeeded(await machine.call('status --json=short')).stdout).not.toMatch(/"since":\d/);
  expect(succeeded(await machine.call('list --json=short')).stdout).toContain('"name":"a"');
  await finish();
});

test('another root is not held up', async () => {
  const finish = await slowMerge();
  const other = await Machine.open({ tree: TREE });
  try {
    succeeded(await machine.call('merge --lock-timeout=0', { root: other.root }));
    succeeded(await machine.call('unmerge --lock-timeout=0', { root: other.root }));
  } finally {
    await other.close();
  }
  await finish();
});

test('the class does not matter: a confext waits for a sysext of the same root', async () => {
  const finish = await slowMerge();
  failedWith(await machine.call('refresh --lock-timeout=0', { as: 'confext' }));
  await finish();
});

test('a holder that is killed leaves no lock', async () => {
  slow.plan({ [WORKSPACE]: killBefore });
  expect(await machine.call('merge', { faults: slow })).toMatchObject({ status: 137 });
  succeeded(await machine.call('merge --lock-timeout=0'));
});

test('a command that outlives its killed call keeps the lock until it ends', async () => {
  slow.plan({ [WORKSPACE]: `kill -KILL "$PPID"; ${hang}` });
  expect(await machine.call('merge', { faults: slow })).toMatchObject({ status: 137 });
  failedWith(await machine.call('merge --lock-timeout=0'));
  const next = machine.call('merge --log-level=warning');
  await slow.release();
  expect(succeeded(await next).stderr).toBe('');
  expect(machine.state().run).toEqual(['systemd']);
});

test('a waiting call that is killed leaves no lock', async () => {
  const finish = await slowMerge();
  const waiting = machine.faults();
  // Killed while its flock(1) waits on.
  waiting.plan({ 1: 'kill -KILL "$PPID"' });
  expect(await machine.call('merge', { faults: waiting })).toMatchObject({ status: 137 });
  await finish();
  succeeded(await machine.call('unmerge'));
  expect(machine.state().run).toEqual(['systemd']);
});

test('a waiting call that is interrupted from the terminal says so and fails', async () => {
  const finish = await slowMerge();
  const waiting = machine.faults();
  waiting.plan({ 2: 'kill -INT "$$"' });
  expect(failedWith(await machine.call('merge --log-level=err', { faults: waiting }))).toBe(
    'Interrupted while waiting for another call.',
  );
  await finish();
  expect(machine.state().run).toEqual(['systemd']);
});

test('eight calls at the same time do their work one after the other', async () => {
  const verbs = ['refresh', 'refresh', 'unmerge', 'refresh', 'refresh', 'unmerge', 'refresh', 'refresh'];
  const finished = await Promise.all(verbs.map((verb) => machine.call([verb, '--always-refresh=yes'])));
  for (const each of finished) succeeded(each);
  succeeded(await machine.call('refresh'));
  expect(
    machine
      .mounts()
      .map(({ mountPoint }) => mountPoint.slice(machine.root.length))
      .sort(),
  ).toEqual(['/opt', '/usr']);
  expect(machine.state().run).toEqual(['systemd']);
});
