/**
 * Text of a manual page with a little markup: `literal` stands for itself and is set bold, *placeholder* for something
 * that the user puts there and is set italic; mount(8) is known for a reference.
 */
export type Text = string;

/** What a page is made of: a string is a paragraph. */
export type Block =
  | Text
  | { readonly kind: 'heading'; readonly title: string }
  | { readonly kind: 'item'; readonly term: Text; readonly text: readonly Text[] }
  /** Lines that are kept as they are; no markup. */
  | { readonly kind: 'example'; readonly lines: string };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface Page {
  readonly name: string;
  readonly number: 5 | 8;
  /** What follows the name in the first section, and in the lists of apropos(1). */
  readonly purpose: string;
  readonly sections: readonly Section[];
}

/** What the footer says. */
export interface Edition {
  readonly version: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

export const heading = (title: string): Block => ({ kind: 'heading', title });
export const item = (term: Text, ...text: Text[]): Block => ({ kind: 'item', term, text });
export const example = (lines: string): Block => ({ kind: 'example', lines });
export const section = (title: string, ...blocks: Block[]): Section => ({ title, blocks });

/** `a`, `b` and `c` */
export function enumerate(words: readonly Text[], conjunction = 'and'): Text {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} ${conjunction} ${words[words.length - 1]}`;
}

export const literals = (words: readonly string[]): Text[] => words.map((word) => `\`${word}\``);
