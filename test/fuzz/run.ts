import { limitedReader, type SparseImage } from '../support/sparse-image.js';
import { FAILURES, keepInput } from './corpus.js';
import { mutate } from './mutate.js';
import { randomOf } from './random.js';
import type { Seed, Target } from './target.js';

export interface Failure {
  readonly target: string;
  readonly index: number;
  readonly image: SparseImage;
  readonly error: unknown;
}

/** As many failures are told; a bug mostly shows in many inputs. */
const MOST_FAILURES = 10;

/** Runs a target on changed seeds, by their number. */
export function fuzz(
  target: Target,
  seeds: readonly Seed[],
  seed: number,
  indices: Iterable<number>,
): Failure[] {
  const failures: Failure[] = [];
  for (const index of indices) {
    const image = mutate(seeds, randomOf(seed, index));
    try {
      target.run(limitedReader(image, target.limit));
    } catch (error) {
      failures.push({ target: target.name, index, image, error });
      if (failures.length === MOST_FAILURES) break;
    }
  }
  return failures;
}

/** The numbers from `from` on. */
export function* range(from: number, count: number): Generator<number> {
  for (let index = from; index < from + count; index += 1) yield index;
}

/** What to say of a failure, and how to see it again: the input is kept. */
export function describeFailure({ target, image, error }: Failure): string {
  const again = `npm run fuzz -- --target ${target} --input ${keepInput(FAILURES, target, image)}`;
  return `${again}\n${error instanceof Error ? error.stack : String(error)}`;
}
