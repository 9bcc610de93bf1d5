/** What specifiers stand for; nothing is looked up before it is asked for. */
export type SpecifierValues = Readonly<Record<string, () => string>>;

/**
 * Expands the specifiers of a setting (sysupdate.d(5), "Specifiers").
 *
 * @returns the text, or the specifier that is none
 */
export function expandSpecifiers(
  text: string,
  values: SpecifierValues,
): string | { readonly unknown: string } {
  let unknown: string | null = null;
  const expanded = text.replace(/%(.?)/gsu, (found, letter: string) => {
    if (letter === '%') return '%';
    const value = Object.hasOwn(values, letter) ? values[letter] : undefined;
    if (value === undefined) unknown ??= found;
    return value?.() ?? '';
  });
  return unknown === null ? expanded : { unknown };
}
