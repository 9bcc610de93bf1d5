/** What a wildcard of a match pattern stands for, and which text it fits (sysupdate.d(5), "Match Patterns"). */
const WILDCARDS = {
  // A part of a path that is nothing but `..` would lead elsewhere.
  v: { field: 'version', form: /^(?!\.\.?$)[A-Za-z0-9._~^+-]+$/ },
  u: { field: 'partitionUuid', form: /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i },
  f: { field: 'partitionFlags', form: /^(0x)?[0-9a-f]{1,16}$/i },
  a: { field: 'noAuto', form: /^[01]$/ },
  g: { field: 'growFileSystem', form: /^[01]$/ },
  r: { field: 'readOnly', form: /^[01]$/ },
  t: { field: 'modified', form: /^[0-9]{1,18}$/ },
  m: { field: 'mode', form: /^[0-7]{1,5}$/ },
  s: { field: 'size', form: /^[0-9]{1,18}$/ },
  d: { field: 'triesDone', form: /^[0-9]{1,9}$/ },
  l: { field: 'triesLeft', form: /^[0-9]{1,9}$/ },
  h: { field: 'sha256', form: /^[0-9a-f]{64}$/i },
} as const;

type Wildcard = keyof typeof WILDCARDS;

/** What a name says of a file, as it stands there: `modified` in microseconds, `mode` in octal digits. */
export type NameFields = { readonly version: string } & {
  readonly [Letter in Wildcard as (typeof WILDCARDS)[Letter]['field']]?: string;
};

export interface Pattern {
  /** As it stands in the transfer file. */
  readonly text: string;
  /** It began with a star for directories: only the last part of a path is compared. */
  readonly anywhere: boolean;
  readonly pieces: readonly Piece[];
}

/** Text that must stand there, or a wildcard. No two wildcards are neighbours. */
type Piece = string | { readonly wildcard: Wildcard };

const ANYWHERE = '**/';

/** Why a text is no match pattern. */
export type PatternProblem =
  | { readonly kind: 'no-version' | 'bad-path' | 'anywhere' }
  | { readonly kind: 'unknown-wildcard' | 'wildcard-twice' | 'wildcards-touch'; readonly wildcard: string };

/** @param anywhereAllowed sources may begin with the star for directories, targets may not */
export function parsePattern(text: string, anywhereAllowed: boolean): Pattern | PatternProblem {
  const anywhere = text.startsWith(ANYWHERE);
  const rest = anywhere ? text.slice(ANYWHERE.length) : text;
  if ((anywhere && (!anywhereAllowed || rest.includes('/'))) || rest.includes(ANYWHERE))
    return { kind: 'anywhere' };
  if (!isPlainPath(rest)) return { kind: 'bad-path' };
  const pieces: Piece[] = [];
  const seen = new Set<string>();
  for (const [found] of rest.matchAll(/@.?|[^@]+/gsu)) {
    const previous = pieces.at(-1);
    const literal = found === '@@' ? '@' : found.startsWith('@') ? null : found;
    if (literal !== null) {
      if (typeof previous === 'string') pieces[pieces.length - 1] = previous + literal;
      else pieces.push(literal);
      continue;
    }
    const letter = found.slice(1);
    if (!(letter in WILDCARDS)) return { kind: 'unknown-wildcard', wildcard: found };
    if (seen.has(letter)) return { kind: 'wildcard-twice', wildcard: found };
    // Where the one ends and the other begins could not be told.
    if (typeof previous === 'object') return { kind: 'wildcards-touch', wildcard: found };
    seen.add(letter);
    pieces.push({ wildcard: letter as Wildcard });
  }
  return seen.has('v') ? { text, anywhere, pieces } : { kind: 'no-version' };
}

export function isVersion(text: string): boolean {
  return WILDCARDS.v.form.test(text);
}

/** Relative, without empty parts and parts that lead elsewhere. */
export function isPlainPath(path: string): boolean {
  return (
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && !path.includes('\0')
  );
}

/**
 * Compares a path with a pattern. As in the original a wildcard ends where the text behind it stands first, and never
 * later: `f_@v.raw` does not fit `f_1.raw.raw`.
 *
 * @param path relative to the directory of the transfer
 * @returns what the name says, `null` if it does not fit
 */
export function matchPattern({ anywhere, pieces }: Pattern, path: string): NameFields | null {
  const name = anywhere ? path.slice(path.lastIndexOf('/') + 1) : path;
  const fields: Record<string, string> = {};
  let at = 0;
  for (const [index, piece] of pieces.entries()) {
    if (typeof piece === 'string') {
      if (!name.startsWith(piece, at)) return null;
      at += piece.length;
      continue;
    }
    const next = pieces[index + 1] as string | undefined;
    const end = next === undefined ? name.length : name.indexOf(next, at);
    const value = name.slice(at, end);
    const { field, form } = WILDCARDS[piece.wildcard];
    if (end < 0 || !form.test(value)) return null;
    fields[field] = value;
    at = end;
  }
  return at === name.length ? (fields as NameFields) : null;
}

/** What the first of several patterns that fits makes of a path. */
export function matchPatterns(patterns: readonly Pattern[], path: string): NameFields | null {
  for (const pattern of patterns) {
    const fields = matchPattern(pattern, path);
    if (fields !== null) return fields;
  }
  return null;
}

/** Makes the path of a new file. @returns the letter of the wildcard of which nothing is known in place of it */
export function formatPattern(
  { pieces }: Pattern,
  fields: NameFields,
): string | { readonly unknown: string } {
  let path = '';
  for (const piece of pieces) {
    const value = typeof piece === 'string' ? piece : fields[WILDCARDS[piece.wildcard].field];
    if (value === undefined) return { unknown: `@${(piece as { wildcard: string }).wildcard}` };
    path += value;
  }
  return path;
}
