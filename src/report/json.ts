/** What can stand in the JSON output. Times are bigint: microseconds fit, but only just, into a double. */
export type Json =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonFormat = 'pretty' | 'short' | 'off';

/**
 * Writes JSON with the layout of the original, so that what reads its output line by line reads ours as well.
 *
 * @returns text with a newline at its end
 */
export function formatJson(value: Json, format: 'pretty' | 'short'): string {
  return `${format === 'short' ? short(value) : pretty(value, '')}\n`;
}

function short(value: Json): string {
  if (isList(value)) return `[${value.map(short).join(',')}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${scalar(key)}:${short(item)}`)
      .join(',')}}`;
  }
  return scalar(value);
}

function pretty(value: Json, indent: string): string {
  const inner = `${indent}\t`;
  if (isList(value))
    return block(
      '[',
      ']',
      value.map((item) => inner + pretty(item, inner)),
      indent,
    );
  if (isObject(value)) {
    const items = Object.entries(value).map(
      ([key, item]) => `${inner}${scalar(key)} : ${pretty(item, inner)}`,
    );
    return block('{', '}', items, indent);
  }
  return scalar(value);
}

function block(open: string, close: string, items: readonly string[], indent: string): string {
  return items.length === 0 ? open + close : `${open}\n${items.join(',\n')}\n${indent}${close}`;
}

function scalar(value: null | boolean | bigint | number | string): string {
  return typeof value === 'bigint' ? value.toString() : escapeMore(JSON.stringify(value));
}

/** JSON itself escapes only the first of the characters that a terminal obeys, see printable.ts; to a parser it is the same. */
function escapeMore(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}
