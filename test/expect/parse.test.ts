import fc from 'fast-check';
import { FORMS } from '../../src/expect/assertion.js';
import { parseAssertion } from '../../src/expect/parse.js';
import { AssertionSyntaxError, readAssertions } from '../../src/expect/read-assertions.js';
import { splitWords } from '../../src/expect/words.js';
import { anyText } from '../support/text.js';

const REASONS = new Set(['id-mismatch', 'text']);
const parse = (text: string) => parseAssertion(text, REASONS);

test.each([
  ['merged foo', { kind: 'merged', extension: 'foo' }],
  ['not-merged  "foo bar"', { kind: 'not-merged', extension: 'foo bar' }],
  ['ignored foo', { kind: 'ignored', extension: 'foo', because: null }],
  ['ignored foo because id-mismatch', { kind: 'ignored', extension: 'foo', because: 'id-mismatch' }],
  ['file /a', { kind: 'file', path: '/a', from: null }],
  ['file /a from host', { kind: 'file', path: '/a', from: { kind: 'host' } }],
  ["file '/a b' from foo", { kind: 'file', path: '/a b', from: { kind: 'extension', name: 'foo' } }],
  ['file /a from extension:host', { kind: 'file', path: '/a', from: { kind: 'extension', name: 'host' } }],
  ['no-file /a', { kind: 'no-file', path: '/a' }],
  ['command x', { kind: 'command', program: 'x', args: [], works: null }],
  ['command x works', { kind: 'command', program: 'x', args: [], works: { seconds: 30 } }],
  [
    `command "x -c 'a b' $HOME" works within 1.5s`,
    { kind: 'command', program: 'x', args: ['-c', 'a b', '$HOME'], works: { seconds: 1.5 } },
  ],
  ['writable /usr = no', { kind: 'writable', path: '/usr', wanted: false }],
  ['writable /usr = yes', { kind: 'writable', path: '/usr', wanted: true }],
  ['unit a.service active', { kind: 'unit', unit: 'a.service', wanted: 'active' }],
  ['unit a inactive', { kind: 'unit', unit: 'a', wanted: 'inactive' }],
])('%s', (text, wanted) => {
  expect(parse(text)).toEqual(wanted);
});

test.each([
  ['', { kind: 'empty' }],
  [' \t ', { kind: 'empty' }],
  ['merged "foo', { kind: 'quote' }],
  ['command "a \'b" works', { kind: 'quote' }],
  ['merged a\0b', { kind: 'nul' }],
  ['toString', { kind: 'unknown-word', word: 'toString' }],
  ['merged', { kind: 'missing', about: 'merged', what: 'EXTENSION' }],
  ['merged ""', { kind: 'missing', about: 'merged', what: 'EXTENSION' }],
  ['merged a b', { kind: 'unexpected', about: 'merged', word: 'b', wanted: 'nothing more' }],
  ['ignored a for text', { kind: 'unexpected', about: 'ignored', word: 'for', wanted: "'because'" }],
  ['ignored a because', { kind: 'missing', about: 'ignored', what: 'REASON' }],
  ['ignored a because it', { kind: 'unknown-reason', word: 'it' }],
  [
    'ignored a because text now',
    { kind: 'unexpected', about: 'ignored', word: 'now', wanted: 'nothing more' },
  ],
  ['file', { kind: 'missing', about: 'file', what: 'PATH' }],
  ['file a from b', { kind: 'relative-path', path: 'a' }],
  ['file /a of b', { kind: 'unexpected', about: 'file', word: 'of', wanted: "'from'" }],
  ['file /a from', { kind: 'missing', about: 'file', what: 'EXTENSION or host' }],
  ['file /a from b c', { kind: 'unexpected', about: 'file', word: 'c', wanted: 'nothing more' }],
  ['no-file a', { kind: 'relative-path', path: 'a' }],
  ['command', { kind: 'missing', about: 'command', what: 'PROGRAM' }],
  ['command "x y"', { kind: 'missing', about: 'command', what: "'works'" }],
  ['command x works within', { kind: 'missing', about: 'command', what: 'SECONDS' }],
  ['writable /a', { kind: 'missing', about: 'writable', what: '= yes or = no' }],
  ['writable /a = maybe', { kind: 'unexpected', about: 'writable', word: 'maybe', wanted: "'yes' or 'no'" }],
  ['writable /a no', { kind: 'unexpected', about: 'writable', word: 'no', wanted: "'='" }],
  ['unit a', { kind: 'missing', about: 'unit', what: 'active or inactive' }],
  [
    'unit a running',
    { kind: 'unexpected', about: 'unit', word: 'running', wanted: "'active' or 'inactive'" },
  ],
])('%j is refused', (text, problem) => {
  expect(parse(text)).toEqual({ problem });
});

test.each(['x', '0', '0.0', '-1', '1e3', '99999', '1.2345', '5m'])('works within %s is refused', (limit) => {
  expect(parse(`command x works within ${limit}`)).toMatchObject({
    problem: { kind: 'unexpected', word: limit },
  });
});

test('any text is read or refused', () => {
  const beginning = fc.constantFrom('', ...Object.keys(FORMS).map((word) => `${word} `));
  fc.assert(
    fc.property(beginning, anyText(), (word, text) => {
      const parsed = parse(word + text);
      expect('problem' in parsed || Object.hasOwn(FORMS, parsed.kind)).toBe(true);
    }),
  );
});

test('words that are quoted come back as they were', () => {
  const word = fc.oneof(
    anyText({ minLength: 1 }),
    fc.string({ unit: fc.constantFrom(' ', '"', "'", 'a'), minLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const line = words.map((one) =>
        one.replace(/'+|[^']+/g, (part) => (part[0] === "'" ? `"${part}"` : `'${part}'`)),
      );
      expect(splitWords(line.join(' '))).toEqual(words);
    }),
  );
});

test('arguments come first, then the lines of the file, without comments', () => {
  const text = '# all\n\n  merged b \r\nno-file /c';
  const stated = readAssertions(['merged a'], { name: 'list', text }, REASONS);
  expect(stated.map(({ text, place }) => [text, place])).toEqual([
    ['merged a', { kind: 'argument', number: 1 }],
    ['merged b', { kind: 'line', file: 'list', number: 3 }],
    ['no-file /c', { kind: 'line', file: 'list', number: 4 }],
  ]);
});

test('all that cannot be read is told at once; nothing to read is an error too', () => {
  const problems = (...words: string[]) => {
    try {
      return readAssertions(words, null, REASONS).length;
    } catch (error) {
      return (error as AssertionSyntaxError).unreadable.map(({ text }) => text);
    }
  };
  expect(problems('merged a', 'merged', 'file b')).toEqual(['merged', 'file b']);
  expect(problems()).toEqual([]);
  expect(() => readAssertions([], { name: 'list', text: '# none\n' }, REASONS)).toThrow(AssertionSyntaxError);
});
