import { type Fault, killAfter, killBefore } from '../../support/fault.js';
import type { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import {
  expectOutline,
  forEachCommand,
  rehearse,
  SCENARIOS,
  type Scenario,
  withScenario,
} from './scenarios.js';

const mergedByMounts = (machine: Machine): string[] =>
  machine
    .mounts()
    .map(({ mountPoint }) => mountPoint.slice(machine.root.length))
    .sort();

async function mergedByStatus(machine: Machine): Promise<string[]> {
  const { stdout } = succeeded(await machine.call('status --json=short'));
  const rows = JSON.parse(stdout) as { hierarchy: string; since: number | null }[];
  return rows.filter(({ since }) => since !== null).map(({ hierarchy }) => hierarchy);
}

/** Kills the scenario's call at each of its commands in turn. */
async function killAtEach(
  scenario: Scenario,
  calls: readonly string[],
  fault: Fault,
  then: (machine: Machine, number: number) => Promise<void>,
): Promise<void> {
  await forEachCommand(calls, (number) =>
    withScenario(scenario, async (machine) => {
      const faults = machine.faults();
      faults.plan({ [number]: fault });
      expect(await machine.call(scenario.verb, { faults })).toMatchObject({ status: 137 });
      await then(machine, number);
    }),
  );
}

describe.each(SCENARIOS)('$verb', (scenario) => {
  test('that was killed before any of its commands succeeds when it is called again', async () => {
    const { calls, end } = await rehearse(scenario);
    await killAtEach(scenario, calls, killBefore, async (machine) => {
      const isWhole = mergedByMounts(machine).length === 2;
      const finished = await machine.call(scenario.verb);
      if (scenario.verb === 'merge' && isWhole) expect(failedWith(finished)).toContain('is already merged');
      else succeeded(finished);
      await expectOutline(machine, end);
    });
  });

  test('that was killed after any of its commands leaves what status tells, and what refresh and unmerge put in order', async () => {
    const { calls, end, off } = await rehearse(scenario);
    const merged = scenario.verb === 'unmerge' ? (await rehearse(SCENARIOS[0]!)).end : end;
    await killAtEach(scenario, calls, killAfter, async (machine, number) => {
      expect(await mergedByStatus(machine)).toEqual(mergedByMounts(machine));
      const [verb, wanted] = number % 2 === 0 ? (['unmerge', off] as const) : (['refresh', merged] as const);
      succeeded(await machine.call(verb));
      await expectOutline(machine, wanted);
    });
  });
});
