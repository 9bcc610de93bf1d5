import { type AssertionKind, type FileOwner, FORMS } from './assertion.js';
import { readCommand } from './command.js';
import { missing, type Parsed, unexpected } from './problem.js';
import { splitWords } from './words.js';

/**
 * Reads one assertion: a keyword and what belongs to it.
 *
 * @param reasons the words that may stand behind `because`
 */
export function parseAssertion(text: string, reasons: ReadonlySet<string>): Parsed {
  if (text.includes('\0')) return { problem: { kind: 'nul' } };
  const words = splitWords(text);
  if (words === null) return { problem: { kind: 'quote' } };
  const [keyword, ...rest] = words;
  if (keyword === undefined) return { problem: { kind: 'empty' } };
  if (!Object.hasOwn(FORMS, keyword)) return { problem: { kind: 'unknown-word', word: keyword } };
  return READERS[keyword as AssertionKind](rest, reasons);
}

type Reader = (words: readonly string[], reasons: ReadonlySet<string>) => Parsed;

const READERS: Readonly<Record<AssertionKind, Reader>> = {
  merged: (words) => only('merged', words) ?? { kind: 'merged', extension: words[0]! },
  'not-merged': (words) => only('not-merged', words) ?? { kind: 'not-merged', extension: words[0]! },
  ignored: readIgnored,
  file: readFile,
  'no-file': (words) =>
    only('no-file', words, 'PATH') ?? absolute(words[0]!) ?? { kind: 'no-file', path: words[0]! },
  command: readCommand,
  writable: readWritable,
  unit: readUnit,
};

/** Exactly one word. */
function only(about: AssertionKind, [word, more]: readonly string[], what = 'EXTENSION'): Parsed | null {
  if (!word) return missing(about, what);
  return more === undefined ? null : unexpected(about, more, 'nothing more');
}

/** What is asserted shall mean the same wherever the program is called. */
function absolute(path: string): Parsed | null {
  return path.startsWith('/') ? null : { problem: { kind: 'relative-path', path } };
}

function readIgnored(words: readonly string[], reasons: ReadonlySet<string>): Parsed {
  const [extension, because, reason, more] = words;
  if (!extension) return missing('ignored', 'EXTENSION');
  if (because === undefined) return { kind: 'ignored', extension, because: null };
  if (because !== 'because') return unexpected('ignored', because, "'because'");
  if (reason === undefined) return missing('ignored', 'REASON');
  if (more !== undefined) return unexpected('ignored', more, 'nothing more');
  if (!reasons.has(reason)) return { problem: { kind: 'unknown-reason', word: reason } };
  return { kind: 'ignored', extension, because: reason };
}

function readFile([path, from, owner, more]: readonly string[]): Parsed {
  if (!path) return missing('file', 'PATH');
  const wrong = absolute(path);
  if (wrong !== null) return wrong;
  if (from === undefined) return { kind: 'file', path, from: null };
  if (from !== 'from') return unexpected('file', from, "'from'");
  if (!owner) return missing('file', 'EXTENSION or host');
  if (more !== undefined) return unexpected('file', more, 'nothing more');
  return { kind: 'file', path, from: readOwner(owner) };
}

/** An extension may be called `host` as well. */
function readOwner(word: string): FileOwner {
  if (word === 'host') return { kind: 'host' };
  return { kind: 'extension', name: word.replace(/^extension:(?=.)/, '') };
}

function readWritable([path, equals, value, more]: readonly string[]): Parsed {
  if (!path) return missing('writable', 'PATH');
  const wrong = absolute(path);
  if (wrong !== null) return wrong;
  if (equals === undefined) return missing('writable', '= yes or = no');
  if (equals !== '=') return unexpected('writable', equals, "'='");
  if (value === undefined) return missing('writable', 'yes or no');
  if (value !== 'yes' && value !== 'no') return unexpected('writable', value, "'yes' or 'no'");
  if (more !== undefined) return unexpected('writable', more, 'nothing more');
  return { kind: 'writable', path, wanted: value === 'yes' };
}

function readUnit([unit, state, more]: readonly string[]): Parsed {
  if (!unit) return missing('unit', 'NAME');
  if (state === undefined) return missing('unit', 'active or inactive');
  if (state !== 'active' && state !== 'inactive') return unexpected('unit', state, "'active' or 'inactive'");
  if (more !== undefined) return unexpected('unit', more, 'nothing more');
  return { kind: 'unit', unit, wanted: state };
}
