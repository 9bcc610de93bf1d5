import { copyImage, type Piece, type SparseImage, windowOf } from '../support/sparse-image.js';
import type { Random } from './random.js';
import type { Seed } from './target.js';

/** Where sizes and offsets overflow, wrap around or change their sign. */
const INTERESTING: readonly bigint[] = [
  0n,
  1n,
  2n,
  7n,
  8n,
  9n,
  16n,
  33n,
  34n,
  91n,
  92n,
  93n,
  127n,
  128n,
  255n,
  256n,
  511n,
  512n,
  513n,
  4095n,
  4096n,
  8192n,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x10000n,
  0x7fffffffn,
  0x80000000n,
  0xfffffffen,
  0xffffffffn,
  0x100000000n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 55n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 512n,
  2n ** 64n - 2n,
  2n ** 64n - 1n,
];

type Mutation = (
  image: SparseImage,
  random: Random,
  seeds: readonly Seed[],
  seed: Seed,
) => SparseImage | null;

/** Often several times in the list, as some find more. */
const MUTATIONS: readonly Mutation[] = [
  flipBit,
  flipBit,
  setField,
  setField,
  setField,
  setField,
  setByte,
  zeros,
  move,
  splice,
  resize,
  insert,
  insert,
  insert,
];

/** An input: a seed with one to five changes, with right checksums half of the time. */
export function mutate(seeds: readonly Seed[], random: Random): SparseImage {
  const seed = random.pick(seeds);
  let image = copyImage(seed.image);
  for (let left = 1 + random.below(5); left > 0; left -= 1)
    image = random.pick(MUTATIONS)(image, random, seeds, seed) ?? image;
  if (seed.repair !== undefined && random.oneIn(2)) seed.repair(image);
  return image;
}

function flipBit(image: SparseImage, random: Random): null {
  const { bytes } = random.pick(image.pieces);
  const at = random.below(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << random.below(8));
  return null;
}

function setByte(image: SparseImage, random: Random): null {
  const { bytes } = random.pick(image.pieces);
  bytes[random.below(bytes.length)] = random.below(256);
  return null;
}

/** An interesting value, or one near to what is there, at a field or at any other place. */
function setField(image: SparseImage, random: Random, _: readonly Seed[], seed: Seed): null {
  const place = seed.fields.length > 0 && !random.oneIn(4) ? random.pick(seed.fields) : null;
  const width = place?.[1] ?? random.pick([1, 2, 4, 8]);
  const offset =
    place === null ? anywhere(image, random, width) : place[0] < 0 ? image.size + place[0] : place[0];
  const bytes = windowOf(image, offset, width);
  if (bytes === null) return null;
  const bits = width * 8;
  const near = toNumber(bytes) + BigInt(random.below(5) - 2);
  const value = BigInt.asUintN(bits, random.oneIn(3) ? near : random.pick(INTERESTING));
  const digits = value.toString(16).padStart(width * 2, '0');
  const written = Buffer.from(digits, 'hex');
  bytes.set(random.oneIn(4) ? written : written.reverse());
  return null;
}

function zeros(image: SparseImage, random: Random): null {
  const { bytes } = random.pick(image.pieces);
  const at = random.below(bytes.length);
  const length = 1 + random.below(random.pick([16, 512, 4096]));
  bytes.subarray(at, at + length).fill(random.pick([0, 0, 0xff]));
  return null;
}

/** Some bytes to another place of the same piece. */
function move(image: SparseImage, random: Random): null {
  const { bytes } = random.pick(image.pieces);
  const from = aligned(random, bytes.length);
  bytes.copy(bytes, aligned(random, bytes.length), from, from + random.pick([8, 16, 128, 512]));
  return null;
}

/** Some bytes of another seed, at their place or at any. */
function splice(image: SparseImage, random: Random, seeds: readonly Seed[]): null {
  const other: Piece = random.pick(random.pick(seeds).image.pieces);
  const { bytes } = random.pick(image.pieces);
  const from = aligned(random, other.bytes.length);
  const length = random.pick([8, 128, 512, 4096, 65536]);
  other.bytes.copy(bytes, random.oneIn(2) ? from : aligned(random, bytes.length), from, from + length);
  return null;
}

/** A word that means something, or a piece of the text once more, at any place; the text becomes longer or not. */
function insert(
  image: SparseImage,
  random: Random,
  _: readonly Seed[],
  { tokens }: Seed,
): SparseImage | null {
  const [piece] = image.pieces;
  if (tokens === undefined || piece === undefined || image.pieces.length > 1) return null;
  const { bytes } = piece;
  const from = random.below(bytes.length);
  const word = random.oneIn(4)
    ? bytes.subarray(from, from + 1 + random.below(20))
    : Buffer.from(random.pick(tokens), 'latin1');
  const at = random.below(bytes.length + 1);
  const replaced = random.oneIn(3) ? random.below(word.length + 2) : 0;
  const changed = Buffer.concat([bytes.subarray(0, at), word, bytes.subarray(at + replaced)]);
  return { size: changed.length, pieces: [{ offset: piece.offset, bytes: changed }] };
}

/** Cut off, or with zeros appended. */
function resize(image: SparseImage, random: Random): SparseImage {
  const grown = random.pick([1, 511, 512, 4096, 2 ** 20, 2 ** 42]);
  const size = random.oneIn(3) ? image.size + grown : cutAt(image, random);
  const pieces = image.pieces
    .filter(({ offset }) => offset < size)
    .map(({ offset, bytes }) => ({ offset, bytes: bytes.subarray(0, size - offset) }));
  return { size, pieces: pieces.length > 0 ? pieces : [{ offset: 0, bytes: Buffer.alloc(1) }] };
}

function cutAt(image: SparseImage, random: Random): number {
  if (random.oneIn(2)) return Math.max(1, image.size - random.pick([1, 512, 33 * 512, 34 * 512, 4096]));
  const { offset, bytes } = random.pick(image.pieces);
  return Math.max(1, offset + random.below(bytes.length));
}

function anywhere(image: SparseImage, random: Random, width: number): number {
  const { offset, bytes } = random.pick(image.pieces);
  return offset + random.below(Math.max(1, bytes.length - width));
}

function aligned(random: Random, limit: number): number {
  const at = random.below(limit);
  return at - (at % random.pick([1, 8, 128, 512]));
}

function toNumber(littleEndian: Buffer): bigint {
  return BigInt(`0x${Buffer.from(littleEndian).reverse().toString('hex')}`);
}
