import { isUnreadable } from '../host/noncharacter.js';
import { type LogicalLine, logicalLines, trimBlanks } from './logical-lines.js';

/** An assignment in the section that was asked for. */
export interface Assignment {
  readonly kind: 'assignment';
  readonly line: number;
  readonly key: string;
  readonly value: string;
}

/** A line that is skipped, and why. */
export interface BrokenLine {
  readonly kind: /** No `=` in it. */
    | 'no-assignment'
    /** Nothing before the `=`. */
    | 'no-key'
    /** Before the first section. */
    | 'outside-section'
    /** A section of another name; all of it is skipped. */
    | 'unknown-section'
    /** Begins like the header of a section, but is none; skipped up to the next header. */
    | 'bad-header'
    /** Not UTF-8, or with a NUL byte. */
    | 'encoding';
  /** Counted from 1. */
  readonly line: number;
  /** As it stands in the file, lines joined; unchecked, so escape it before printing. */
  readonly text: string;
}

/**
 * Reads the assignments of one section of a configuration file (systemd.syntax(7)), in the order of the file. Never
 * throws.
 *
 * This is not the dialect of the `ini` package, which takes quotes off, cuts values at `;` and `#`, turns `true` and
 * `null` into other types, makes trees of dots in section names and lists of `key[]`, takes an unterminated header
 * for a key, and has no line numbers. A value here is all that stands behind the `=`, and names are only compared.
 */
export function* readStatements(text: string, section: string): Generator<Assignment | BrokenLine> {
  let place: 'outside' | 'inside' | 'elsewhere' = 'outside';
  for (const found of logicalLines(text)) {
    const header = found.text.startsWith('[') ? readHeader(found, section) : null;
    if (header !== null) {
      place = header.inside ? 'inside' : 'elsewhere';
      if (header.problem !== null) yield { ...found, kind: header.problem };
    } else if (place !== 'elsewhere') {
      yield place === 'inside' ? readAssignment(found) : { ...found, kind: 'outside-section' };
    }
  }
}

interface Header {
  readonly inside: boolean;
  readonly problem: 'bad-header' | 'unknown-section' | 'encoding' | null;
}

function readHeader({ text }: LogicalLine, section: string): Header {
  if (text === `[${section}]`) return { inside: true, problem: null };
  if (isUnreadable(text)) return { inside: false, problem: 'encoding' };
  if (!text.endsWith(']') || text.length < 3) return { inside: false, problem: 'bad-header' };
  // Names that begin with X- are for other programs.
  return { inside: false, problem: text.startsWith('[X-') ? null : 'unknown-section' };
}

function readAssignment(found: LogicalLine): Assignment | BrokenLine {
  const { line, text } = found;
  const at = text.indexOf('=');
  if (isUnreadable(text)) return { ...found, kind: 'encoding' };
  if (at < 0) return { ...found, kind: 'no-assignment' };
  const key = trimBlanks(text.slice(0, at));
  if (key === '') return { ...found, kind: 'no-key' };
  return { kind: 'assignment', line, key, value: trimBlanks(text.slice(at + 1)) };
}
