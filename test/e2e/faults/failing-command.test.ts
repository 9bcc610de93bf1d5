import { fail } from '../../support/fault.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import {
  expectOutline,
  forEachCommand,
  hasOtherWay,
  hierarchiesOf,
  outline,
  type Rehearsal,
  rehearse,
} from './scenarios.js';

/** Unmounting the workspace, when all is done. */
const isClosing = (call: string): boolean => /^umount .*\/run\/systemd\/sysext\/[^/]+$/.test(call);

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await rehearse();
});

describe.each(['merge', 'refresh'] as const)('%s', (verb) => {
  test('leaves all as it was if one of its commands fails, says why in one line, and succeeds the next time', async () => {
    const calls = rehearsal.calls[verb];
    expect(calls.filter(isClosing)).toEqual(calls.slice(-1));
    await forEachCommand(verb, calls.slice(0, -1), async (machine, number) => {
      const faults = machine.faults();
      const before = machine.state();
      faults.plan({ [number]: fail });
      const finished = await machine.call([verb, '--log-level=warning'], { faults });
      if (hasOtherWay(calls[number - 1]!)) {
        succeeded(finished);
        return expectOutline(machine, rehearsal.after(verb, machine));
      }
      expect(failedWith(finished)).toMatch(/something went wrong here/);
      await machine.expectState(before);

      succeeded(await machine.call(verb));
      await expectOutline(machine, rehearsal.after(verb, machine));
    });
  });

  test('has merged, and the next call cleans up, if the workspace cannot be unmounted at the end', async () => {
    const calls = rehearsal.calls[verb];
    await forEachCommand(verb, calls.slice(-1), async (machine) => {
      const faults = machine.faults();
      faults.plan({ [calls.length]: fail });
      const { stderr } = await machine.call([verb, '--log-level=warning'], { faults });
      expect(stderr).toMatch(/^[^\n]*something went wrong here[^\n]*\n$/);
      const wanted = rehearsal.after(verb, machine);
      expect(outline(machine)).toMatchObject({ mounts: wanted.mounts, tree: wanted.tree });

      succeeded(await machine.call('refresh'));
      await expectOutline(machine, wanted);
    });
  });
});

test('unmerge takes off what it can if one of its commands fails, says why in one line, and the rest the next time', async () => {
  await forEachCommand('unmerge', rehearsal.calls.unmerge, async (machine, number) => {
    const faults = machine.faults();
    const { mounts } = machine.state();
    faults.plan({ [number]: fail });
    const line = failedWith(await machine.call('unmerge --log-level=warning', { faults }));
    expect(line).toMatch(/something went wrong here/);
    const left = machine.state();
    expect(left.run).toEqual(['systemd']);
    expect(mounts).toEqual(expect.arrayContaining([...left.mounts]));
    const { stdout } = succeeded(await machine.call('status --json=short'));
    const merged = (JSON.parse(stdout) as { since: unknown }[]).filter(({ since }) => since !== null);
    expect(merged).toHaveLength(hierarchiesOf(machine).length);

    succeeded(await machine.call('unmerge'));
    await expectOutline(machine, rehearsal.after('unmerge', machine));
  });
});
