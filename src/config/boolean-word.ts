/** Reads a word for yes or no (systemd.syntax(7)), in any case and without blanks around it; `null` if it is none. */
export function parseBoolean(word: string): boolean | null {
  if (/^(1|yes|y|true|t|on)$/i.test(word)) return true;
  if (/^(0|no|n|false|f|off)$/i.test(word)) return false;
  return null;
}
