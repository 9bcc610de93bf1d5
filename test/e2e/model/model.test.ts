import fc from 'fast-check';
import { provide } from '../../support/debian.js';
import { isStandalone } from '../../support/program.js';
import { afterCall, INITIAL, type Installed, type Name, type Side } from './model.js';
import { Play } from './play.js';
import { type Step, sequences } from './steps.js';

/** A few of always the same sequences; `npm run test:model` makes others, and more. */
const { SYSEXT_MODEL_SEED, SYSEXT_MODEL_COUNT } = process.env;
const SEED = Number(SYSEXT_MODEL_SEED ?? 7);
const COUNT = Number(SYSEXT_MODEL_COUNT ?? (isStandalone() ? 8 : 2));

const withImages = process.getuid?.() === 0 && provide({ mksquashfs: 'squashfs-tools' }) === null;

test(`${COUNT} sequences of calls, mishaps and changes lead where the model says (seed ${SEED})`, async () => {
  const done = { steps: 0, calls: 0, mishaps: 0 };
  const follows = async (steps: readonly Step[]): Promise<void> => {
    const play = await Play.open();
    try {
      for (const step of steps) await play.take(step);
    } finally {
      done.steps += steps.length;
      done.calls += play.calls;
      done.mishaps += play.mishaps;
      await play.close();
    }
  };
  const property = fc.asyncProperty(sequences(withImages), follows);
  // A shorter sequence is looked for as long as it takes a minute.
  const settings = {
    seed: SEED,
    numRuns: COUNT,
    interruptAfterTimeLimit: 3_600_000,
    endOnFailure: COUNT < 20,
  };
  await fc.assert(property, settings);
  if (SYSEXT_MODEL_COUNT !== undefined)
    process.stderr.write(
      `seed ${SEED}: ${COUNT} sequences, ${done.steps} steps, ${done.calls} calls, ${done.mishaps} of them failed or killed\n`,
    );
}, 3_600_000);

describe('the model', () => {
  const FITS: Installed = { kind: 'directory', fits: true, isBroken: false, hasOpt: false, isMasked: false };
  const having = (installed: Readonly<Partial<Record<Name, Installed>>>): Side => ({
    ...INITIAL.sysext,
    installed: new Map(Object.entries(installed) as [Name, Installed][]),
  });

  test('merges what fits, in order, where it has something', () => {
    const side = having({
      a10: { ...FITS, hasOpt: true },
      a2: FITS,
      b: { ...FITS, fits: false },
      'b~1': { ...FITS, isMasked: true },
    });
    const merged = [...afterCall(side, 'sysext', 'merge', 'no').side.merged];
    expect(merged).toEqual([
      ['usr', { names: ['a2', 'a10'], layers: ['a2', 'a10'], mode: 'no' }],
      ['opt', { names: ['a2', 'a10'], layers: ['a10'], mode: 'no' }],
    ]);
  });

  test('fails for one that is broken, unless that is masked, and for what is merged already', () => {
    const broken = { ...FITS, isBroken: true };
    expect(afterCall(having({ a2: FITS, b: broken }), 'sysext', 'refresh', 'no').fails).toBe(true);
    const side = having({ a2: FITS, b: { ...broken, isMasked: true } });
    const { side: merged, fails } = afterCall(side, 'sysext', 'merge', 'no');
    expect(fails).toBe(false);
    expect(afterCall(merged, 'sysext', 'merge', 'no')).toEqual({ side: merged, fails: true });
    expect(afterCall(merged, 'sysext', 'refresh', 'no').fails).toBe(false);
  });

  test('merges nothing of nothing, but for what is writable', () => {
    expect(afterCall(having({}), 'sysext', 'merge', 'no').side.merged.size).toBe(0);
    expect(afterCall(having({}), 'sysext', 'refresh', 'yes').side.merged.size).toBe(2);
    expect(afterCall(having({ b: FITS }), 'sysext', 'unmerge', 'no').side.merged.size).toBe(0);
  });
});
