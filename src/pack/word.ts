/**
 * A word of tmpfiles.d(5) or systemd.unit(5): `%` begins a specifier, and white space ends it, unless it is quoted.
 */
export function word(text: string): string {
  const plain = text.replaceAll('%', '%%');
  return /[\s"'\\]/.test(plain) ? `"${plain.replace(/["\\]/g, '\\$&')}"` : plain;
}
