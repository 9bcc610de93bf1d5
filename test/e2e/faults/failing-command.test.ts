import { fail } from '../../support/fault.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { until } from '../../support/until.js';
import { forEachCommand, outline, rehearse, SCENARIOS, type Scenario, withScenario } from './scenarios.js';

const of = (verb: string): Scenario => SCENARIOS.find((scenario) => scenario.verb === verb)!;

/** Unmounting the workspace, when all is done. */
const isClosing = (call: string): boolean => /^umount .*\/run\/systemd\/sysext\/[^/]+$/.test(call);

describe.each(['merge', 'refresh'].map(of))('$verb', (scenario) => {
  test('leaves all as it was if one of its commands fails, says why in one line, and succeeds the next time', async () => {
    const { calls, end } = await rehearse(scenario);
    expect(calls.filter(isClosing)).toEqual(calls.slice(-1));
    await forEachCommand(calls.slice(0, -1), (number) =>
      withScenario(scenario, async (machine) => {
        const faults = machine.faults();
        const before = machine.state();
        faults.plan({ [number]: fail });
        const line = failedWith(await machine.call([scenario.verb, '--log-level=warning'], { faults }));
        expect(line).toMatch(/something went wrong here/);
        await machine.expectState(before);

        succeeded(await machine.call(scenario.verb));
        expect(outline(machine)).toEqual(end);
      }),
    );
  });

  test('has merged, and the next call cleans up, if the workspace cannot be unmounted at the end', async () => {
    const { calls, end } = await rehearse(scenario);
    await withScenario(scenario, async (machine) => {
      const faults = machine.faults();
      faults.plan({ [calls.length]: fail });
      const { stderr } = await machine.call([scenario.verb, '--log-level=warning'], { faults });
      expect(stderr).toMatch(/^[^\n]*something went wrong here[^\n]*\n$/);
      expect(outline(machine).mounts).toEqual(end.mounts);
      expect(outline(machine).tree).toEqual(end.tree);

      succeeded(await machine.call('refresh'));
      expect(outline(machine)).toEqual(end);
    });
  });
});

describe('unmerge', () => {
  const scenario = of('unmerge');

  test('takes off what it can if one of its commands fails, says why in one line, and the rest the next time', async () => {
    const { calls, end } = await rehearse(scenario);
    await forEachCommand(calls, (number) =>
      withScenario(scenario, async (machine) => {
        const faults = machine.faults();
        const { mounts } = machine.state();
        faults.plan({ [number]: fail });
        const line = failedWith(await machine.call([scenario.verb, '--log-level=warning'], { faults }));
        expect(line).toMatch(/something went wrong here/);
        const left = machine.state();
        expect(left.run).toEqual([]);
        expect(mounts).toEqual(expect.arrayContaining([...left.mounts]));
        const { stdout } = succeeded(await machine.call('status --json=short'));
        const merged = (JSON.parse(stdout) as { since: unknown }[]).filter(({ since }) => since !== null);
        expect(merged).toHaveLength(machine.mounts().length);

        succeeded(await machine.call(scenario.verb));
        await until('loop devices to go', () => outline(machine).loops === 0);
        expect(outline(machine)).toEqual(end);
      }),
    );
  });
});
