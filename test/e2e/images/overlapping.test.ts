import { join } from 'node:path';
import { killAfter, killBefore } from '../../support/fault.js';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { until } from '../../support/until.js';
import { addDdi, describeWithDdis, filesOf, imageStatus, PLACE } from './ddi.js';

describeWithDdis('an image that somebody else has attached as a whole', () => {
  let machine: Machine;
  let loop: string;
  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    addDdi(machine, `${PLACE}/disk.raw`, filesOf('disk'), { format: 'squashfs' });
    const attach = ['losetup', '--find', '--show', '--read-only', join(machine.root, PLACE, 'disk.raw')];
    loop = (await machine.namespace.must(attach)).trim();
  });
  afterAll(async () => {
    await machine.namespace.run(['losetup', '--detach', loop]);
    await machine.close();
  });

  /** Of the merge, beside the one that somebody else has made. */
  const loops = () => machine.state().loops.filter((name) => `/dev/${name}` !== loop);
  const noLoops = () => until('loop devices to go', () => loops().length === 0);

  test('is merged, and only the loop device of the merge goes with it', async () => {
    const before = machine.state();
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/disk')).toBe('disk\n');
    expect(await imageStatus(machine, 'disk')).toMatchObject({ loopDevices: [`/dev/${loops()[0]}`] });
    succeeded(await machine.call('unmerge'));
    await machine.expectState(before);
  });

  test('leaves no loop device when a command of the merge fails, or the program is killed at it', async () => {
    const faults = machine.faults();
    const before = machine.state();
    succeeded(await machine.call('merge', { faults }));
    const calls = faults.calls();
    succeeded(await machine.call('unmerge'));
    const first = calls.findIndex((call) => call.startsWith('losetup')) + 1;
    expect(first).toBeGreaterThan(0);
    const last = calls.findIndex((call) => call.includes('-t overlay')) + 1;
    for (let number = first; number < last; number += 1) {
      // If the device itself cannot be let go of, there is nobody who could.
      if (!calls[number - 1]!.startsWith('losetup --detach')) {
        faults.plan({ [number]: 'exit 1' });
        expect(await machine.call('merge', { faults })).toMatchObject({ status: 1 });
        await noLoops();
      }
      for (const kill of [killBefore, killAfter]) {
        faults.plan({ [number]: kill });
        expect(await machine.call('merge', { faults })).toMatchObject({ status: 137 });
        succeeded(await machine.call('unmerge'));
        await noLoops();
      }
    }
    await machine.expectState(before);
    faults.plan({ [first]: 'echo "losetup: no" >&2; exit 1' });
    expect(failedWith(await machine.call('merge --log-level=warning', { faults }))).toContain('losetup');
    succeeded(await machine.call('merge'));
    succeeded(await machine.call('unmerge'));
  });
});

describeWithDdis('a loop device that another process takes before mount(8) has it', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    addDdi(machine, `${PLACE}/one.raw`, filesOf('one'));
    addDdi(machine, `${PLACE}/two.raw`, filesOf('two'));
  });
  afterAll(() => machine.close());

  /** As mount(8) fails then, the first time: one of the images is mounted, the other one is not. */
  const taken = [
    'case "$*" in *images.fstab) [ -e "$directory/taken" ] || {',
    'head -n 1 "$5" >"$directory/taken"; "$real" -n -a -T "$directory/taken"',
    `echo "mount: $(sed -n '2s/^[^ ]* \\([^ ]*\\) .*/\\1/p' "$5"): failed to setup loop device for it." >&2`,
    'exit 64; } ;; esac',
  ].join('\n');

  test('is no reason to fail: another one is looked for', async () => {
    const faults = machine.faults();
    faults.plan({}, taken);
    expect(succeeded(await machine.call('merge --log-level=warning', { faults })).stderr).not.toContain(
      'loop',
    );
    // And again, where others make loop devices meanwhile.
    expect(faults.calls().filter((call) => call.endsWith('images.fstab')).length).toBeGreaterThan(1);
    expect(machine.read('opt/one')).toBe('one\n');
    expect(machine.read('opt/two')).toBe('two\n');
    succeeded(await machine.call('unmerge'));
  });
});
