/** Characters that a shell takes as they are, wherever they stand. */
const PLAIN = /^[A-Za-z0-9_/.:=@%+,-]+$/;

/** What printable() escapes, but for the tab: a script may be printed on a terminal. */
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/**
 * Words of a POSIX shell, whatever is in a name. Quotes take care of all that is syntax; control characters are put into
 * variables, so that the script is made of plain lines, and does nothing to the terminal that it is printed on.
 */
export class Words {
  /** A directory that is written as a variable wherever its path occurs. */
  readonly #work: string | null;
  readonly #controls = new Set<string>();

  constructor(work: string | null) {
    this.#work = work;
  }

  /** One word. */
  word(text: string): string {
    const parts = this.#work === null ? [text] : text.split(this.#work);
    return parts.map((part) => this.#quote(part)).join('"$work"') || "''";
  }

  /** A command line. */
  command(words: readonly string[]): string {
    return words.map((word) => this.word(word)).join(' ');
  }

  /** Assignments of the variables that stand for control characters in the words so far. */
  variables(): string[] {
    return [...this.#controls].sort().flatMap((char) => {
      const name = variableOf(char);
      const octal = [...Buffer.from(char)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
      // The substitution of a command takes newlines off its end.
      return char === '\n'
        ? [`${name}=$(printf '\\n.')`, `${name}=\${${name}%.}`]
        : [`${name}=$(printf '${octal}')`];
    });
  }

  #quote(text: string): string {
    if (text === '' || PLAIN.test(text)) return text;
    return text
      .split(new RegExp(`(${CONTROL.source})`, 'u'))
      .map((part, index) => {
        if (index % 2 === 0) return part === '' || PLAIN.test(part) ? part : singleQuoted(part);
        this.#controls.add(part);
        return `"\${${variableOf(part)}}"`;
      })
      .join('');
  }
}

function variableOf(char: string): string {
  return `x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function singleQuoted(text: string): string {
  return text
    .split("'")
    .map((part) => (part === '' ? '' : `'${part}'`))
    .join("\\'");
}
