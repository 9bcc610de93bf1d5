import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../support/program.js';
import { imageOf, type SparseImage } from '../support/sparse-image.js';

/**
 * Inputs that are kept: what once broke something, edge cases, and what reached code that no seed does. Each is a file in a
 * directory named after its target: the bytes, or for an image of which only pieces are kept, JSON.
 */
export const CORPUS = join(CHECKOUT, 'test/fuzz/corpus');

/** What `npm run fuzz` has found on this machine; not part of the checkout. */
export const FOUND = join(CHECKOUT, 'build/fuzz/found');

/** Those that break something. */
export const FAILURES = join(CHECKOUT, 'build/fuzz/failures');

const JSON_SUFFIX = '.pieces.json';

interface StoredPieces {
  readonly size: number;
  readonly pieces: readonly { readonly offset: number; readonly bytes: string }[];
}

export interface KeptInput {
  readonly file: string;
  readonly image: SparseImage;
}

/** The inputs of a target, in the order of their names. */
export function readCorpus(directory: string, target: string): KeptInput[] {
  const place = join(directory, target);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .sort()
    .map((name) => ({ file: join(place, name), image: readInput(join(place, name)) }));
}

export function readInput(file: string): SparseImage {
  const bytes = readFileSync(file);
  if (!file.endsWith(JSON_SUFFIX)) return imageOf(bytes);
  const { size, pieces } = JSON.parse(bytes.toString()) as StoredPieces;
  return {
    size,
    pieces: pieces.map((piece) => ({ offset: piece.offset, bytes: Buffer.from(piece.bytes, 'base64') })),
  };
}

/** Keeps an input under a name made of its content. @returns the file */
export function keepInput(directory: string, target: string, { size, pieces }: SparseImage): string {
  const [first] = pieces;
  const isWhole = pieces.length === 1 && first?.offset === 0 && first.bytes.length === size;
  const stored: StoredPieces = {
    size,
    pieces: pieces.map(({ offset, bytes }) => ({ offset, bytes: bytes.toString('base64') })),
  };
  const content = isWhole ? first.bytes : Buffer.from(JSON.stringify(stored));
  const name = createHash('sha256').update(content).digest('hex').slice(0, 12);
  mkdirSync(join(directory, target), { recursive: true });
  const file = join(directory, target, isWhole ? name : `${name}${JSON_SUFFIX}`);
  writeFileSync(file, content);
  return file;
}
