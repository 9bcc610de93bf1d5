import { signal, signalBoth } from '../../support/fault.js';
import { expectOutline, forEachCommand, rehearse, SCENARIOS, withScenario } from './scenarios.js';

const [merge, refresh] = SCENARIOS;

test.each(['TERM', 'INT', 'HUP'])('a merge that gets SIG%s in the middle finishes', async (name) => {
  const { calls, end } = await rehearse(merge!);
  const overlay = calls.findIndex((call) => call.includes('-t overlay')) + 1;
  await withScenario(merge!, async (machine) => {
    const faults = machine.faults();
    faults.plan({ [overlay]: signal(name) });
    expect(await machine.call('merge', { faults })).toMatchObject({ status: 0 });
    await expectOutline(machine, end);
  });
});

test('a refresh that is interrupted from the terminal, its commands with it, undoes what it has done', async () => {
  const { calls } = await rehearse(refresh!);
  // Before the lock is held there is nothing to undo, after the last command nothing that would fail.
  await forEachCommand(calls, async (number) => {
    if (number === 1 || number === calls.length) return;
    await withScenario(refresh!, async (machine) => {
      const faults = machine.faults();
      const before = machine.state();
      faults.plan({ [number]: signalBoth('INT') });
      expect(await machine.call('refresh', { faults })).toMatchObject({ status: 1 });
      await machine.expectState(before);
    });
  });
});
