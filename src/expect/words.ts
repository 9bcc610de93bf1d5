/**
 * Splits a line at its blanks, as a shell does with plain words and quotes: what is in `'…'` or `"…"` stays together, whatever it
 * is, and nothing else means anything. So a quote is written in quotes of the other kind.
 *
 * @returns `null` if a quote does not end
 */
export function splitWords(line: string): string[] | null {
  const words: string[] = [];
  const rest = line.replace(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g, (word) => {
    words.push(
      word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
    );
    return '';
  });
  return rest.trim() === '' ? words : null;
}
