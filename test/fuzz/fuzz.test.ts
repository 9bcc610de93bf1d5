import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provide } from '../support/debian.js';
import { limitedReader } from '../support/sparse-image.js';
import { CORPUS, keepInput, readCorpus, readInput } from './corpus.js';
import { mutate } from './mutate.js';
import { randomOf } from './random.js';
import { describeFailure, fuzz, range } from './run.js';
import type { Seed, Target } from './target.js';
import { TARGETS, TOOLS } from './targets/index.js';

/** A few of always the same inputs, shared among all targets; `npm run fuzz` makes others, and more. */
const SEED = 1;
const COUNT = 20_000;
const EACH = Math.ceil(COUNT / TARGETS.length);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sysext-fuzz-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const missing = provide(TOOLS);
if (missing !== null) test.skip(missing, () => {});
else
  describe.each(TARGETS.map((target) => [target.name, target] as const))('%s', (_, target) => {
    let seeds: readonly Seed[];
    beforeAll(() => {
      seeds = target.seeds(mkdtempSync(join(directory, `${target.name}-`)));
    });

    test('seeds are read, and all inputs that are kept', () => {
      for (const { image } of seeds) target.run(limitedReader(image, target.limit));
      for (const { image } of readCorpus(CORPUS, target.name)) target.run(limitedReader(image, target.limit));
    });

    test('changed seeds too', () => {
      const failures = fuzz(target, seeds, SEED, range(0, target.isSlow ? EACH / 5 : EACH));
      expect(failures.map(describeFailure)).toEqual([]);
    });
  });

test('inputs are kept for targets that there are', () => {
  const names = TARGETS.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(readdirSync(CORPUS)));
  expect(readdirSync(CORPUS).length).toBeGreaterThan(names.length / 2);
});

test('an input that is kept is read as it was', () => {
  const bytes = Buffer.from('whole\0\xff', 'latin1');
  for (const image of [
    { size: bytes.length, pieces: [{ offset: 0, bytes }] },
    {
      size: 2 ** 40,
      pieces: [
        { offset: 512, bytes },
        { offset: 2 ** 40 - 600, bytes },
      ],
    },
  ])
    expect(readInput(keepInput(join(directory, 'kept'), 'it', image))).toEqual(image);
});

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
