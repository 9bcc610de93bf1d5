/**
 * Whether a name fits a pattern of glob(7): `*`, `?`, `[a-z]`, `[!a]`, and `\` before a character that stands for itself.
 * Never takes longer than the product of both lengths, whatever the pattern: it goes back to the last `*` only.
 */
export function matchesGlob(name: string, pattern: string): boolean {
  const tokens = pattern.match(/\\.|\[!?\]?[^\]]*\]|./gsu) ?? [];
  const characters = [...name];
  let [at, token] = [0, 0];
  let star: { at: number; token: number } | null = null;
  while (at < characters.length) {
    if (tokens[token] === '*') {
      star = { at, token };
      token += 1;
    } else if (token < tokens.length && matchesOne(characters[at]!, tokens[token]!)) {
      at += 1;
      token += 1;
    } else if (star !== null) {
      star.at += 1;
      [at, token] = [star.at, star.token + 1];
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

function matchesOne(character: string, token: string): boolean {
  if (token === '?') return true;
  if (token.startsWith('\\')) return token.slice(1) === character;
  if (token.length < 3 || !token.startsWith('[')) return token === character;
  const isNot = token[1] === '!';
  const set = [...token.slice(isNot ? 2 : 1, -1)];
  const isIn = set.some((one, index) => {
    if (one === '-' && index > 0 && index < set.length - 1)
      return set[index - 1]! <= character && character <= set[index + 1]!;
    return one === character;
  });
  return isIn !== isNot;
}
