import type { ByteReader } from '../../src/images/byte-reader.js';
import type { ReadLimit, SparseImage } from '../support/sparse-image.js';

/** A place of an image where a number has a meaning: offset, from the end if it is negative, and width in bytes. */
export type Field = readonly [offset: number, width: 1 | 2 | 4 | 8];

/** Real input to change. */
export interface Seed {
  readonly name: string;
  readonly image: SparseImage;
  /** Where interesting values are written to. */
  readonly fields: readonly Field[];
  /** Words that mean something, to be put in anywhere; for text. */
  readonly tokens?: readonly string[];
  /** Makes checksums right again after a change, so that what they protect is reached; in place. */
  readonly repair?: (image: SparseImage) => void;
}

/** Something that reads what may be hostile. One file of `targets` exports one; `targets/index.ts` lists them. */
export interface Target {
  readonly name: string;
  /** What may be read of one input. */
  readonly limit: ReadLimit;
  /** One input takes milliseconds, so that a test has time for a few only. */
  readonly isSlow?: boolean;
  /** @param directory for the files that making them takes */
  seeds(directory: string): readonly Seed[];
  /** Reads one input. @throws anything for an input that is not handled as it must be */
  run(input: ByteReader): void;
}
