import type { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { traced, whyNoTrace } from '../../support/system-calls.js';
import {
  expectOutline,
  forEachCommand,
  hierarchiesOf,
  type Rehearsal,
  rehearse,
  VERBS,
  type Verb,
} from './scenarios.js';

const missing = whyNoTrace();

async function observe(machine: Machine, verb: Verb): Promise<string[]> {
  const { finished, calls } = await traced(machine, [verb]);
  succeeded(finished);
  return calls;
}

let rehearsal: Rehearsal;
(missing === null ? describe : describe.skip)(
  `system calls in place of programs${missing === null ? '' : `: ${missing}`}`,
  () => {
    beforeAll(async () => {
      rehearsal = await rehearse({ observe });
    });

    test('each step is one or two of them', () => {
      expect(rehearsal.calls.merge).toEqual([
        'flock',
        // The workspace; two overlays, which are shown; and the end of it.
        ...['mount', 'mount', 'mount', 'mount', 'mount', 'mount', 'umount2'],
      ]);
      expect(rehearsal.calls.refresh).toEqual([
        'flock',
        ...['mount', 'mount'],
        // Whether the kernel knows the flag; the directory above; two overlays, and what is merged is kept.
        ...['move_mount', 'mount', 'mount', 'mount', 'mount', 'mount', 'mount', 'mount', 'mount'],
        ...['move_mount', 'move_mount', 'umount2', 'umount2', 'umount2'],
      ]);
      expect(rehearsal.calls.unmerge).toEqual(['flock', 'umount2', 'umount2']);
    });

    describe.each(VERBS)('%s', (verb) => {
      test('that was killed at any of them is put in order by the next call', async () => {
        const calls = rehearsal.calls[verb];
        await forEachCommand(verb, calls, async (machine, number) => {
          const { finished } = await traced(machine, [verb], { calls, number, does: 'signal=SIGKILL' });
          expect(finished).toMatchObject({ status: 137 });
          const { stdout } = succeeded(await machine.call('status --json=short'));
          const rows = JSON.parse(stdout) as { hierarchy: string; since: number | null }[];
          const merged = rows.filter(({ since }) => since !== null).map(({ hierarchy }) => hierarchy);
          // Where the new overlay is beneath the old one there are two mounts.
          expect(merged).toEqual([...new Set(hierarchiesOf(machine))]);
          const next = number % 2 === 0 ? 'unmerge' : 'refresh';
          succeeded(await machine.call(next));
          await expectOutline(machine, rehearsal.after(next, machine));
        });
      });

      test('calls the program if one of them fails', async () => {
        const calls = rehearsal.calls[verb];
        await forEachCommand(verb, calls, async (machine, number) => {
          const { finished } = await traced(machine, [verb], { calls, number, does: 'error=EPERM' });
          succeeded(finished);
          await expectOutline(machine, rehearsal.after(verb, machine));
        });
      });
    });
  },
);
