import { printable } from '../../printable.js';

const WIDTH = 116;

/** A sentence as comment lines; whatever is in it, no line of it is code. */
export function comment(text: string): string[] {
  const lines: string[] = [];
  let line = '#';
  for (const word of printable(text).split(' ')) {
    if (line !== '#' && line.length + word.length > WIDTH) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
