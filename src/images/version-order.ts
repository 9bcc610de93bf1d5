/**
 * The order of versions: UAPI.10 Version Format Specification, in the one place where its text leaves room
 * (an empty run of digits) as systemd does it.
 */

/** Characters without a meaning only separate: they end a run of digits or letters and are skipped. */
const MEANINGLESS = /[^0-9A-Za-z.~^-]+/y;
const DIGITS = /[0-9]*/y;
const LETTERS = /[A-Za-z]*/y;

/** A side that has one of these, where the other one has none, is older; tested in this order. */
const MARKS = ['-', '^', '.'];

/**
 * Compares two version strings. Versions that differ only in separators or leading zeros are equal, so this is a
 * preorder: use {@link compareNames} to sort.
 *
 * @returns -1 if `a` is older, 1 if it is newer
 */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  const left = new Reader(a);
  const right = new Reader(b);
  for (;;) {
    left.take(MEANINGLESS);
    right.take(MEANINGLESS);
    // Before the end of a string counts, or `1.0~rc1` would be newer than `1.0`.
    const pre = compareMark(left, right, '~');
    if (pre !== 0) return pre;
    if (left.ended || right.ended) return order(Number(right.ended), Number(left.ended));
    for (const mark of MARKS) {
      const marked = compareMark(left, right, mark);
      if (marked !== 0) return marked;
    }
    const result = compareRuns(left, right);
    if (result !== 0) return result;
  }
}

/**
 * Orders the names of images, the lowest layer first: by {@link compareVersions}, and names equal to it by their
 * bytes, so that one set of images always gives the same stack (systemd leaves ties to a hash table).
 */
export function compareNames(a: string, b: string): number {
  return compareVersions(a, b) || Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareMark(left: Reader, right: Reader, mark: string): -1 | 0 | 1 {
  return order(Number(right.skip(mark)), Number(left.skip(mark)));
}

function compareRuns(left: Reader, right: Reader): -1 | 0 | 1 {
  const [a, b] = [left.take(DIGITS), right.take(DIGITS)];
  if (a === '' && b === '') return order(left.take(LETTERS), right.take(LETTERS));
  // The specification gives an empty run the value 0; for systemd it is older than any number, 0 too.
  if (a === '' || b === '') return order(a.length, b.length);
  return compareNumbers(a, b);
}

/** Numbers stay strings of digits: a date with a commit count is already too long for a JavaScript number. */
function compareNumbers(a: string, b: string): -1 | 0 | 1 {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return order(x.length, y.length) || order(x, y);
}

function order<T extends string | number>(a: T, b: T): -1 | 0 | 1 {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  get ended(): boolean {
    return this.at === this.text.length;
  }

  /** Reads what the sticky pattern matches here, possibly nothing. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** Reads one character if it is this one. */
  skip(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }
}
