import { killAfter, killBefore } from '../../support/fault.js';
import type { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import {
  expectOutline,
  forEachCommand,
  hierarchiesOf,
  type Rehearsal,
  rehearse,
  VERBS,
} from './scenarios.js';

async function mergedByStatus(machine: Machine): Promise<string[]> {
  const { stdout } = succeeded(await machine.call('status --json=short'));
  const rows = JSON.parse(stdout) as { hierarchy: string; since: number | null }[];
  return rows.filter(({ since }) => since !== null).map(({ hierarchy }) => hierarchy);
}

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await rehearse();
});

describe.each(VERBS)('%s', (verb) => {
  test('that was killed before any of its commands succeeds when it is called again', async () => {
    await forEachCommand(verb, rehearsal.calls[verb], async (machine, number) => {
      const faults = machine.faults();
      faults.plan({ [number]: killBefore });
      expect(await machine.call(verb, { faults })).toMatchObject({ status: 137 });
      const isWhole = hierarchiesOf(machine).length === 2;
      const finished = await machine.call(verb);
      if (verb === 'merge' && isWhole) expect(failedWith(finished)).toContain('is already merged');
      else succeeded(finished);
      await expectOutline(machine, rehearsal.after(verb, machine));
    });
  });

  test('that was killed after any of its commands leaves what status tells, and what refresh and unmerge put in order', async () => {
    await forEachCommand(verb, rehearsal.calls[verb], async (machine, number) => {
      const faults = machine.faults();
      faults.plan({ [number]: killAfter });
      expect(await machine.call(verb, { faults })).toMatchObject({ status: 137 });
      expect(await mergedByStatus(machine)).toEqual(hierarchiesOf(machine));
      const next = number % 2 === 0 ? 'unmerge' : 'refresh';
      succeeded(await machine.call(next));
      await expectOutline(machine, rehearsal.after(next, machine));
    });
  });
});
