/** Text as somebody would choose it who wants to be misread: it ends the line, clears the screen, turns the writing round. */
export const HOSTILE = '\n\x1b[2J\u009b1A\u202e\u2028x';

/** C0, DEL, C1, and what changes the direction of writing or ends a line. */
export const DANGEROUS = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** The same value with every string in it made hostile, but for those under the keys in `trusted`. */
export function makeHostile<T>(value: T, trusted: readonly string[]): T {
  if (typeof value === 'string') return (value + HOSTILE) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => makeHostile(item, trusted)) as T;
  if (value instanceof Error) return new Error(value.message + HOSTILE) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      trusted.includes(key) ? item : makeHostile(item, trusted),
    ]),
  ) as T;
}
