import { fail, killAfter, killBefore } from '../../support/fault.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { isStandalone } from '../../support/program.js';
import { withoutKoffi } from '../../support/without-koffi.js';
import { expectOutline, forEachCommand, hasOtherWay, rehearse } from './scenarios.js';

/** The command that shows a new merge, or puts it beneath the old one; there is one a hierarchy. */
const SHOWS = {
  shared: / -o move \S+\/overlay\/\w+ /,
  private: / -o rbind \S+\/overlay\/\w+ /,
};

// The executable has a way to the C library in it, and needs no other one.
(isStandalone() ? describe.skip : describe).each(['shared', 'private'] as const)(
  'without koffi, where mounts are %s',
  (propagation) => {
    test('a refresh leaves all as it was if a command fails, and what was killed is put in order', async () => {
      const surroundings = { propagation, environment: withoutKoffi };
      const rehearsal = await rehearse(surroundings);
      const calls = rehearsal.calls.refresh;
      expect(calls.filter((call) => SHOWS[propagation].test(call))).toHaveLength(2);
      // What comes before is as it always is.
      const start = calls.findIndex((call) => SHOWS[propagation].test(call)) - 1;
      const work: Parameters<typeof forEachCommand>[2] = async (machine, index) => {
        const number = index + start;
        const env = withoutKoffi(machine);
        const faults = machine.faults();
        const before = machine.state();
        faults.plan({ [number]: fail });
        const finished = await machine.call('refresh --log-level=warning', { env, faults });
        if (hasOtherWay(calls[number - 1]!)) {
          succeeded(finished);
          return expectOutline(machine, rehearsal.after('refresh', machine));
        }
        expect(failedWith(finished)).toMatch(/something went wrong here/);
        await machine.expectState(before);

        faults.plan({ [number]: number % 2 === 0 ? killBefore : killAfter });
        expect(await machine.call('refresh', { env, faults })).toMatchObject({ status: 137 });
        succeeded(await machine.call('refresh', { env }));
        await expectOutline(machine, rehearsal.after('refresh', machine));
      };
      await forEachCommand('refresh', calls.slice(start, -1), work, surroundings);
    });
  },
);
