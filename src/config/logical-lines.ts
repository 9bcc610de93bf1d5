/** Lines of a file that belong together, as one. */
export interface LogicalLine {
  /** The first line of it in the file, counted from 1. */
  readonly line: number;
  /** Without blanks around it; not empty. */
  readonly text: string;
}

/**
 * Takes the text of a configuration file apart into lines (systemd.syntax(7)): comments and empty lines are gone,
 * and a line that ends in a backslash is joined with the next one that is no comment, a blank between them. Takes
 * time linear to the length of the text, whatever is in it.
 */
export function logicalLines(text: string): LogicalLine[] {
  const found: LogicalLine[] = [];
  let start = 0;
  let pieces: string[] = [];
  const finish = () => {
    const joined = trimBlanks(pieces.join(' '));
    if (joined !== '') found.push({ line: start, text: joined });
    pieces = [];
  };
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    // Editors of other systems, and files put together with cat(1), leave byte order marks.
    const line = raw.startsWith('\ufeff') ? raw.slice(1) : raw;
    if (/^[ \t]*[#;]/.test(line)) continue;
    if (pieces.length === 0) start = index + 1;
    const goesOn = countBackslashesAtEnd(line) % 2 === 1;
    pieces.push(goesOn ? line.slice(0, -1) : line);
    if (!goesOn) finish();
  }
  finish();
  return found;
}

/** Cuts blanks off both ends. Not String.trim(), to which a no-break space or a form feed is a blank as well. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

function countBackslashesAtEnd(line: string): number {
  let count = 0;
  while (line[line.length - 1 - count] === '\\') count += 1;
  return count;
}
