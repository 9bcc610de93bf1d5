import { isUnreadable } from '../host/noncharacter.js';
import { type LogicalLine, logicalLines, trimBlanks } from './logical-lines.js';

/** An assignment in a section that was asked for. */
export interface Assignment {
  readonly kind: 'assignment';
  readonly section: string;
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
 * Reads the assignments of sections of a configuration file (systemd.syntax(7)), in the order of the file. Never throws.
 *
 * This is not the dialect of the `ini` package, which takes quotes off, cuts values at `;` and `#`, turns `true` and
 * `null` into other types, makes trees of dots in section names and lists of `key[]`, takes an unterminated header
 * for a key, and has no line numbers. A value here is all that stands behind the `=`, and names are only compared.
 */
export function* readStatements(
  text: string,
  ...sections: readonly string[]
): Generator<Assignment | BrokenLine> {
  /** `null` in one that was not asked for. */
  let section: string | null | undefined;
  for (const found of logicalLines(text)) {
    const header = found.text.startsWith('[') ? readHeader(found, sections) : null;
    if (header !== null) {
      section = header.section;
      if (header.problem !== null) yield { ...found, kind: header.problem };
    } else if (section !== null) {
      yield section === undefined ? { ...found, kind: 'outside-section' } : readAssignment(found, section);
    }
  }
}

interface Header {
  readonly section: string | null;
  readonly problem: 'bad-header' | 'unknown-section' | 'encoding' | null;
}

function readHeader({ text }: LogicalLine, sections: readonly string[]): Header {
  const section = sections.find((one) => text === `[${one}]`) ?? null;
  if (section !== null) return { section, problem: null };
  if (isUnreadable(text)) return { section, problem: 'encoding' };
  if (!text.endsWith(']') || text.length < 3) return { section, problem: 'bad-header' };
  // Names that begin with X- are for other programs.
  return { section, problem: text.startsWith('[X-') ? null : 'unknown-section' };
}

function readAssignment(found: LogicalLine, section: string): Assignment | BrokenLine {
  const { line, text } = found;
  const at = text.indexOf('=');
  if (isUnreadable(text)) return { ...found, kind: 'encoding' };
  if (at < 0) return { ...found, kind: 'no-assignment' };
  const key = trimBlanks(text.slice(0, at));
  if (key === '') return { ...found, kind: 'no-key' };
  return { kind: 'assignment', section, line, key, value: trimBlanks(text.slice(at + 1)) };
}
