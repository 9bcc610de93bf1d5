import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf, SYSTEM_DIRECTORY } from '../../../src/mount/state-directory.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n' } }) } });
  succeeded(await machine.call('merge'));
});
afterEach(() => machine.close());

const merged = () => machine.mounts().map(({ mountPoint }) => mountPoint.slice(machine.root.length));

/** Killed, and umount(8) with it, when one of two hierarchies had come off. */
async function unmergeHalf(): Promise<void> {
  const faults = machine.faults();
  // The last argument alone.
  faults.plan({ 2: 'for last; do :; done; "$real" -n -i -l "$last"; kill -KILL "$PPID"; exit 1' });
  expect(await machine.call('unmerge', { faults })).toMatchObject({ status: 137 });
  expect(merged()).toHaveLength(1);
  const { stdout, stderr } = succeeded(await machine.call('status --json=short'));
  expect(stdout.match(/"since":\d/g)).toHaveLength(1);
  expect(stderr).toContain('was killed in the middle');
}

test.each(['merge', 'refresh', 'unmerge'])(
  'what was killed in the middle is finished by a %s',
  async (verb) => {
    await unmergeHalf();
    const { stderr } = succeeded(await machine.call([verb]));
    expect(stderr).toMatch(/^Finished the unmerge of an earlier call that was killed\.\n/);
    expect(merged().sort()).toEqual(verb === 'unmerge' ? [] : ['/opt', '/usr']);
    expect(machine.state().run).toEqual([]);
    expect(succeeded(await machine.call('status')).stderr).toBe('');
  },
);

test('doctor finds it, and finishes it if it is asked to', async () => {
  await unmergeHalf();
  const { status, stdout } = await machine.call('doctor');
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /root-\S+\.lock', of an unmerge that was killed in the middle, and has to be finished/,
  );
  const { stdout: mended } = await machine.call('doctor --fix');
  expect(mended).toMatch(/^Finished an unmerge that was killed in the middle, and removed /m);
  expect(merged()).toEqual([]);
  expect(machine.state().run).toEqual([]);
});

test('a merge that somebody has made since then is left alone', async () => {
  await unmergeHalf();
  const lock = machine.namespace.path(join(SYSTEM_DIRECTORY, `${keyOf(machine.root)}.lock`));
  // As of an earlier merge.
  writeFileSync(lock, readFileSync(lock, 'utf8').replaceAll(/"since":"\d+/g, '"since":"1'));
  expect(failedWith(await machine.call('merge --log-level=err'))).toContain('is already merged');
  expect(merged()).toHaveLength(1);
});
