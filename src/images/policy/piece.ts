/** A part of a text, and where it begins, counted from 1. */
export interface Piece {
  readonly text: string;
  readonly position: number;
}

/** Takes a text apart at each separator, which is one character. */
export function splitPieces({ text, position }: Piece, separator: string): Piece[] {
  let at = position;
  return text.split(separator).map((part) => {
    const piece = { text: part, position: at };
    at += part.length + 1;
    return piece;
  });
}

/** Cuts blanks off. Not String.trim(): to that a vertical tab or a no-break space is a blank as well. */
export function trimPiece({ text, position }: Piece): Piece {
  const start = /^[ \t\r\n]*/.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return { text: text.slice(start, end), position: position + start };
}
