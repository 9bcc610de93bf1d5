/**
 * Makes text from an image, a file name or a program's output safe for a terminal: control characters, which could
 * move the cursor or change the terminal's settings, are written as C escapes.
 */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, escapeCharacter);
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(char: string): string {
  const code = char.charCodeAt(0);
  if (SHORT[char] !== undefined) return SHORT[char];
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** A name in a sentence: `'foo'`. */
export function quoted(text: string): string {
  return `'${printable(text)}'`;
}

/** `'a', 'b'`, and of very many only the first ones: `'a', 'b' and 98 more`. */
export function quotedFew(texts: readonly string[], most = 5): string {
  const rest = texts.length - most;
  return rest <= 0 ? quotedList(texts) : `${quotedList(texts.slice(0, most))} and ${rest} more`;
}

/** `'a', 'b'` */
export function quotedList(texts: readonly string[]): string {
  return texts.map(quoted).join(', ');
}
