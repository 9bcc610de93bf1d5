import { isUnreadable } from '../host/noncharacter.js';

/**
 * The syntax of os-release(5): assignments as a shell would read them, without any expansion. Read exactly as
 * systemd reads it, which is not always as a shell does: `A="b" c` is `bc`, `A=b"c"` keeps its quotes, and a `#`
 * after the value is part of the value.
 */

/** A part of the file that is no assignment, or one that needs a look. */
export interface SyntaxProblem {
  /** Counted from 1. */
  line: number;
  /** The line as it stands in the file; unchecked, so escape it before printing. */
  text: string;
  kind: /** No `=` in it; skipped. */
    | 'no-assignment'
    /** What stands before the `=` is no variable name; skipped. */
    | 'key'
    /** Not UTF-8, or with a NUL byte; skipped. */
    | 'encoding'
    /** The quote is never closed: the rest of the file became part of the value. The value counts. */
    | 'open-quote';
}

export interface ParsedRelease {
  /** The last assignment of a field counts. An empty value is in the map. */
  fields: ReadonlyMap<string, string>;
  problems: SyntaxProblem[];
}

/** Parses an os-release or extension-release file, in time linear to its length; never throws. */
export function parseRelease(text: string): ParsedRelease {
  const fields = new Map<string, string>();
  const problems: SyntaxProblem[] = [];
  const source = new Source(text);
  for (source.skip(/[ \t\r\n]*/y); !source.ended; source.skip(/[ \t\r\n]*/y)) {
    if (source.skip(/[#;][^\r\n]*/y) !== '') continue;
    const start = source.at;
    const key = trimEnd(source.skip(/[^=\r\n]*/y));
    const assigned = source.skip(/=/y) !== '';
    const { value, open } = assigned ? readValue(source) : { value: '', open: false };
    const kind = problemOf(key, assigned, value, open);
    if (kind !== null) problems.push({ ...source.lineAt(start), kind });
    if (kind === null || kind === 'open-quote') fields.set(key, value);
  }
  return { fields, problems };
}

function problemOf(
  key: string,
  assigned: boolean,
  value: string,
  open: boolean,
): SyntaxProblem['kind'] | null {
  if (!assigned) return 'no-assignment';
  if (isUnreadable(key + value)) return 'encoding';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return 'key';
  return open ? 'open-quote' : null;
}

/** Quoted pieces, blanks between them, and at last an unquoted piece up to the end of the line. */
function readValue(source: Source): { value: string; open: boolean } {
  let value = '';
  for (;;) {
    source.skip(/[ \t]*/y);
    const quote = source.skip(/['"]/y);
    if (quote === '') return { value: value + readUnquoted(source), open: false };
    value += quote === "'" ? source.skip(/[^']*/y) : readDoubleQuoted(source);
    if (source.skip(/['"]/y) === '') return { value, open: true };
  }
}

/** Up to the closing quote. A backslash stays unless it stands before a character that means something to a shell. */
function readDoubleQuoted(source: Source): string {
  let value = '';
  for (;;) {
    value += source.skip(/[^"\\]*/y);
    if (source.skip(/\\/y) === '') return value;
    const escaped = source.skip(/.?/sy);
    if (escaped === '\n') continue;
    value += '"\\`$'.includes(escaped) ? escaped : `\\${escaped}`;
  }
}

/** Up to the end of the line, which a backslash joins with the next one. Blanks at the end go, unless escaped. */
function readUnquoted(source: Source): string {
  let value = '';
  for (;;) {
    const piece = source.skip(/[^\\\r\n]*/y);
    if (source.skip(/\\/y) === '') return value + trimEnd(piece);
    const escaped = source.skip(/.?/sy);
    value += /[\r\n]/.test(escaped) ? piece : piece + escaped;
  }
}

/** Blanks only: String.trimEnd() would take a byte order mark for a blank, and hide it. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  return text.slice(0, end);
}

class Source {
  at = 0;
  private line = 1;
  private counted = 0;
  constructor(private readonly text: string) {}

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Reads what the sticky pattern matches here, possibly nothing. */
  skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** The line that begins at a position; positions must be asked for in ascending order. */
  lineAt(start: number): { line: number; text: string } {
    this.line += this.text.slice(this.counted, start).match(/\r\n|\r|\n/g)?.length ?? 0;
    this.counted = start;
    const end = /[\r\n]|$/g;
    end.lastIndex = start;
    return { line: this.line, text: this.text.slice(start, end.exec(this.text)?.index) };
  }
}
