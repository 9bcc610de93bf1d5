import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { provide } from '../support/debian.js';
import { limitedReader, type SparseImage } from '../support/sparse-image.js';
import { CORPUS, FAILURES, FOUND, keepInput, readCorpus, readInput } from './corpus.js';
import { Coverage } from './coverage.js';
import { mutate } from './mutate.js';
import { type Random, randomOf } from './random.js';
import type { Seed, Target } from './target.js';
import { Watchdog } from './watchdog.js';

/*
 * What `npm run fuzz` runs: inputs whose changes reached new code are changed again. Bun makes two files of it for Node
 * (scripts/fuzz.sh), this one and the targets with all that they call, so that what they run is told from the rest by the name
 * of the script.
 */
const SCRIPT = pathToFileURL(join(dirname(process.argv[1]!), 'targets.mjs')).href;
const { TARGETS, TOOLS } = (await import(SCRIPT)) as typeof import('./targets/index.js');

interface Settings {
  readonly seed: number;
  /** Of all inputs, or seconds. */
  readonly until: { readonly count: number } | { readonly seconds: number };
}

/** So many inputs are run before it is asked whether they have reached anything new, since asking takes its time. */
const BATCH = 5000;
/** Or as many as there are in so many milliseconds. */
const BATCH_TIME = 3000;

function main(): number {
  const { FUZZ_SEED, FUZZ_COUNT, FUZZ_SECONDS, FUZZ_TARGET, FUZZ_INPUT } = process.env;
  const chosen = TARGETS.filter(({ name }) => !FUZZ_TARGET || name === FUZZ_TARGET);
  if (chosen.length === 0) return tell(`there is no target ${FUZZ_TARGET}`, 2);
  if (FUZZ_INPUT) return rerun(chosen[0]!, FUZZ_INPUT);
  const missing = provide(TOOLS);
  if (missing !== null) return tell(missing, 2);
  const seconds = Number(FUZZ_SECONDS) / chosen.length;
  const until = FUZZ_SECONDS ? { seconds } : { count: Math.ceil(Number(FUZZ_COUNT) / chosen.length) };
  const coverage = new Coverage(SCRIPT);
  watchdog = new Watchdog(`seed ${FUZZ_SEED}, an input takes too long, in this run the number `);
  const directory = mkdtempSync(join(tmpdir(), 'sysext-fuzz-'));
  try {
    const runs = chosen.map((target) => {
      const seeds = target.seeds(mkdtempSync(join(directory, `${target.name}-`)));
      return run(target, seeds, { seed: Number(FUZZ_SEED), until }, coverage);
    });
    const total = runs.reduce((sum, { inputs }) => sum + inputs, 0);
    return tell(
      `${total} inputs, ${coverage.count} characters of the code`,
      runs.some(({ failed }) => failed) ? 1 : 0,
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function run(
  target: Target,
  seeds: readonly Seed[],
  { seed, until }: Settings,
  coverage: Coverage,
): { readonly inputs: number; readonly failed: boolean } {
  // What was found by earlier runs is where to go on.
  const known = [...readCorpus(CORPUS, target.name), ...readCorpus(FOUND, target.name)];
  const pool: Seed[] = [...seeds, ...known.map(({ image }) => seedLike(seeds, image))];
  for (const { image } of pool) attempt(target, image);
  coverage.takesNew();
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const goesOn = (inputs: number) => ('count' in until ? inputs < until.count : seconds() < until.seconds);
  let [inputs, found] = [0, 0];
  while (goesOn(inputs)) {
    const batch: SparseImage[] = [];
    const ends = performance.now() + BATCH_TIME;
    for (let left = BATCH; left > 0 && performance.now() < ends; left -= 1, inputs += 1) {
      const random = randomOf(seed, inputs);
      const image = mutate(pickFrom(pool, random), random);
      batch.push(image);
      const error = attempt(target, image);
      if (error !== null) return failure(target, image, error, inputs);
    }
    if (!coverage.hasNew()) continue;
    for (const image of findNew(target, batch, coverage)) {
      keepInput(FOUND, target.name, image);
      pool.push(seedLike(seeds, image));
      found += 1;
    }
  }
  const rate = Math.round(inputs / seconds());
  tell(
    `${target.name}: ${inputs} inputs, ${rate} a second; ${found} reached new code, ${pool.length} known`,
    0,
  );
  return { inputs, failed: false };
}

/** The inputs that reach something new, each that which those before it do not: by halves, since most reach nothing. */
function findNew(target: Target, batch: readonly SparseImage[], coverage: Coverage): SparseImage[] {
  for (const image of batch) attempt(target, image);
  if (batch.length === 1) return coverage.takesNew() ? [...batch] : [];
  if (!coverage.hasNew()) return [];
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)].flatMap((half) => findNew(target, half, coverage));
}

/** Two thirds of the time one that is new, since that is where nobody has been. */
function pickFrom(pool: readonly Seed[], random: Random): readonly Seed[] {
  return random.oneIn(3) ? pool : pool.slice(-Math.ceil(pool.length / 4));
}

const seedLike = ([first]: readonly Seed[], image: SparseImage): Seed => ({
  ...first!,
  name: 'found',
  image,
});

let watchdog: Watchdog | undefined;

function attempt(target: Target, image: SparseImage): unknown {
  watchdog?.next();
  try {
    target.run(limitedReader(image, target.limit));
    return null;
  } catch (error) {
    return error;
  }
}

function failure(target: Target, image: SparseImage, error: unknown, inputs: number) {
  const file = keepInput(FAILURES, target.name, image);
  tell(
    `${target.name}: failed at input ${inputs}. npm run fuzz -- --target ${target.name} --input ${file}`,
    1,
  );
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
  return { inputs, failed: true };
}

function rerun(target: Target, file: string): number {
  target.run(limitedReader(readInput(file), target.limit));
  return tell(`${target.name}: ${file} is read`, 0);
}

function tell(line: string, status: number): number {
  process.stdout.write(`${line}\n`);
  return status;
}

process.exitCode = main();
