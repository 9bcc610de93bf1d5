import { signal, signalBoth } from '../../support/fault.js';
import { expectOutline, forEachCommand, hasOtherWay, type Rehearsal, rehearse } from './scenarios.js';

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await rehearse();
});

test.each(['TERM', 'INT', 'HUP'])('a merge that gets SIG%s in the middle finishes', async (name) => {
  const calls = rehearsal.calls.merge;
  const overlay = calls.findIndex((call) => call.includes('-t overlay'));
  await forEachCommand('merge', calls.slice(overlay, overlay + 1), async (machine) => {
    const faults = machine.faults();
    faults.plan({ [overlay + 1]: signal(name) });
    expect(await machine.call('merge', { faults })).toMatchObject({ status: 0 });
    await expectOutline(machine, rehearsal.after('merge', machine));
  });
});

test('a refresh that is interrupted from the terminal, its commands with it, undoes what it has done', async () => {
  // Not the first: before the lock is held there is nothing to undo; nor the last, after which nothing can fail.
  const calls = rehearsal.calls.refresh.slice(1, -1);
  await forEachCommand('refresh', calls, async (machine, number) => {
    const faults = machine.faults();
    const before = machine.state();
    faults.plan({ [number + 1]: signalBoth('INT') });
    const isFatal = !hasOtherWay(calls[number - 1]!);
    expect(await machine.call('refresh', { faults })).toMatchObject({ status: isFatal ? 1 : 0 });
    if (isFatal) await machine.expectState(before);
    else await expectOutline(machine, rehearsal.after('refresh', machine));
  });
});
