/**
 * Whether the outermost object has a name twice. JSON.parse() takes the last of them and other parsers the first, so two
 * programs would read two things (RFC 8259, section 4).
 *
 * @param json an object that JSON.parse() has accepted
 */
export function hasDoubleKey(json: string): boolean {
  const seen = new Set<string>();
  let depth = 0;
  let isKey = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') {
      const end = endOfString(json, at);
      if (isKey && depth === 1) {
        // With its escapes undone: `\u0061` is `a`.
        const key = JSON.parse(json.slice(at, end)) as string;
        if (seen.has(key)) return true;
        seen.add(key);
      }
      isKey = false;
      at = end - 1;
    } else if (character === '{' || character === '[') {
      depth += 1;
      isKey = character === '{';
    } else if (character === '}' || character === ']') {
      depth -= 1;
    } else if (character === ',') {
      // Within an array on depth 1 there is none: the outermost value is an object.
      isKey = depth === 1;
    }
  }
  return false;
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
