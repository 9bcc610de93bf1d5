import { imageOf } from '../../support/sparse-image.js';
import type { Target } from '../target.js';

/** No text that is read is larger, and what is behind is not looked at. */
const MOST = 16 * 1024;

export interface TextTarget {
  readonly name: string;
  /** Texts as they should be; bytes, one a character. */
  readonly seeds: readonly string[];
  /** What has a meaning, to be put in anywhere. */
  readonly tokens: readonly string[];
  /** @param text in UTF-8, as files are read @param bytes the same, one a character */
  readonly run: (text: string, bytes: string) => void;
}

/** A target that reads text. */
export function textTarget({ name, seeds, tokens, run }: TextTarget): Target {
  return {
    name,
    limit: { reads: 1, total: MOST },
    seeds: () =>
      seeds.map((text) => ({
        name: text.slice(0, 20),
        image: imageOf(Buffer.from(text, 'latin1')),
        fields: [],
        tokens,
      })),
    run(input) {
      const bytes = input.read(0n, MOST);
      run(bytes.toString('utf8'), bytes.toString('latin1'));
    },
  };
}

/** @throws Error with the sentence, unless the condition holds */
export function hold(condition: boolean, sentence: string, ...values: readonly unknown[]): void {
  if (!condition) throw new Error(`${sentence}: ${values.map((value) => JSON.stringify(value)).join(', ')}`);
}
