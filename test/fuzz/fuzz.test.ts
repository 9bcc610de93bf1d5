import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provide } from '../support/debian.js';
import { limitedReader } from '../support/sparse-image.js';
import { mutate } from './mutate.js';
import { randomOf } from './random.js';
import { describeFailure, type Failure, fuzz, range } from './run.js';
import type { Seed, Target } from './target.js';
import { TARGETS, TOOLS } from './targets/index.js';

/** A few of always the same inputs; `npm run fuzz` makes others, and more. */
const { SYSEXT_FUZZ_SEED, SYSEXT_FUZZ_COUNT, SYSEXT_FUZZ_TARGET, SYSEXT_FUZZ_INDEX } = process.env;
const SEED = Number(SYSEXT_FUZZ_SEED ?? 1);
const COUNT = Number(SYSEXT_FUZZ_COUNT ?? 20_000);
const CHOSEN = TARGETS.filter(({ name }) => !SYSEXT_FUZZ_TARGET || name === SYSEXT_FUZZ_TARGET);
const EACH = Math.ceil(COUNT / CHOSEN.length);

/** What a run by hand is told; the tests are silent. */
const tell = (line: string): void => {
  if (SYSEXT_FUZZ_COUNT !== undefined) process.stderr.write(`${line}\n`);
};

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sysext-fuzz-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const missing = provide(TOOLS);
if (missing !== null) test.skip(missing, () => {});
else if (CHOSEN.length === 0)
  test(`there is a target ${SYSEXT_FUZZ_TARGET}`, () => expect(CHOSEN).not.toEqual([]));
else
  describe.each(CHOSEN.map((target) => [target.name, target] as const))('%s', (_, target) => {
    let seeds: readonly Seed[];
    beforeAll(() => {
      seeds = target.seeds(mkdtempSync(join(directory, `${target.name}-`)));
    });

    test('seeds are read', () => {
      for (const { image } of seeds) target.run(limitedReader(image, target.limit));
    });

    // A run of many inputs takes as long as it takes.
    test('changed seeds too', () => expect(tellOf(target, seeds)).toEqual([]), 60_000 + COUNT);
  });

function tellOf(target: Target, seeds: readonly Seed[]): string[] {
  const indices = SYSEXT_FUZZ_INDEX ? [Number(SYSEXT_FUZZ_INDEX)] : range(0, EACH);
  const began = performance.now();
  const failures: Failure[] = fuzz(target, seeds, SEED, indices);
  const seconds = (performance.now() - began) / 1000;
  if (!SYSEXT_FUZZ_INDEX) tell(`${target.name}: ${EACH} inputs, ${Math.round(EACH / seconds)} a second`);
  return failures.map((failure) => describeFailure(failure, SEED));
}

test('the same number makes the same input', () => {
  const bytes = Buffer.from('some bytes to change');
  const seeds: Seed[] = [
    { name: 'it', image: { size: bytes.length, pieces: [{ offset: 0, bytes }] }, fields: [] },
  ];
  for (const index of range(0, 100))
    expect(mutate(seeds, randomOf(7, index))).toEqual(mutate(seeds, randomOf(7, index)));
  expect(bytes.toString()).toBe('some bytes to change');
});

test('a read too much, or before the beginning, is a failure', () => {
  const bytes = Buffer.alloc(100);
  const seeds: Seed[] = [{ name: 'it', image: { size: 100, pieces: [{ offset: 0, bytes }] }, fields: [] }];
  const target = (run: Target['run']): Target => ({
    name: 'it',
    limit: { reads: 2, total: 50 },
    seeds: () => seeds,
    run,
  });
  const failing = (run: Target['run']) => fuzz(target(run), seeds, 1, [0]).map(({ error }) => String(error));
  expect(failing((input) => input.read(0n, 50))).toEqual([]);
  expect(failing((input) => input.read(0n, 51))).toEqual([expect.stringContaining('more than 50 bytes')]);
  expect(failing((input) => input.read(-1n, 1))).toEqual([expect.stringContaining('from -1')]);
  expect(failing((input) => [1, 2, 3].map(() => input.read(0n, 1)))).toEqual([
    expect.stringContaining('more than 2 reads'),
  ]);
});
