import { ChoiceError, type ChoiceProblem } from '../../src/choice/choice-error.js';
import { StrictError } from '../../src/choice/strict-error.js';
import { type Choice, EVERYTHING } from '../../src/overlay/choice.js';
import { describeGone, describeKept, formatChoice } from '../../src/report/choice.js';
import { describeError } from '../../src/report/errors.js';
import { DANGEROUS, makeHostile } from './hostile.js';

const CHOICE: Choice = {
  names: ['foo', "it's"],
  only: ['b*'],
  except: ['a', 'c d'],
  from: ['/srv/x'],
  order: ['foo', 'bar'],
};

test('a choice as words of a command line', () => {
  expect(formatChoice(CHOICE)).toBe(
    "foo 'it's' --only='b*' --except=a --except='c d' --from=/srv/x --order=foo,bar",
  );
  expect(describeKept({ ...EVERYTHING, names: ['foo'] }, 'sysext refresh --all')).toBe(
    "Keeping to what was chosen for this merge: foo ('sysext refresh --all' forgets it).",
  );
});

const missing = (more: Partial<ChoiceProblem & { kind: 'not-installed' }>): ChoiceProblem => {
  return { kind: 'not-installed', name: 'foo', nearest: null, entry: null, ...more };
};

const CASES: readonly (readonly [ChoiceProblem, string])[] = [
  [missing({}), "There is no extension 'foo'. Installed are 'a', 'b'. Nothing was changed."],
  [
    missing({ nearest: 'fo' }),
    "There is no extension 'foo', did you mean 'fo'? Installed are 'a', 'b'. Nothing was changed.",
  ],
  [
    missing({ name: 'f*' }),
    "There is no extension 'f*'. Patterns need the option --only=. Installed are 'a', 'b'. Nothing was changed.",
  ],
  [
    missing({ name: '/x/foo' }),
    "Extensions are chosen by their names, and '/x/foo' is a path: say in which directory it is with --from=. Installed are 'a', 'b'. Nothing was changed.",
  ],
  [
    missing({ entry: { kind: 'masked', entry: '/etc/extensions/foo', name: 'foo' } }),
    "There is no extension 'foo': it is masked by '/etc/extensions/foo', a symlink to /dev/null. Installed are 'a', 'b'. Nothing was changed.",
  ],
  [
    missing({ entry: { kind: 'dangling', entry: '/etc/extensions/foo' } }),
    "There is no extension 'foo': '/etc/extensions/foo' gives none, it is a symlink to nothing (remove it, or make what it points to). Installed are 'a', 'b'. Nothing was changed.",
  ],
  [
    { kind: 'fits-nothing', option: 'except', pattern: 'x*' },
    "No extension fits --except='x*'. Installed are 'a', 'b'. Nothing was changed.",
  ],
  [
    { kind: 'contradiction', name: 'foo', pattern: 'f*' },
    "'foo' is named, and left out by --except='f*': give up one of them. Nothing was changed.",
  ],
  [
    { kind: 'order-of-others', name: 'foo' },
    "'foo' has a place in --order=, but is not chosen: choose it too, or take it out of the order. Nothing was changed.",
  ],
  [
    { kind: 'none-left' },
    'All that is installed would be left out: nothing is left to merge. Nothing was changed.',
  ],
  [
    { kind: 'no-directory', path: '/srv/x', reason: 'missing' },
    "Extensions shall be taken from '/srv/x', which is not there. Nothing was changed.",
  ],
  [
    { kind: 'no-directory', path: '/srv/x', reason: 'no-directory' },
    "Extensions shall be taken from '/srv/x', which is no directory. Nothing was changed.",
  ],
];

test.each(CASES)('%j', (problem, sentence) => {
  expect(describeError(new ChoiceError([problem], ['a', 'b']))).toEqual([sentence]);
});

test('several at once: a line each, and what is installed once', () => {
  const problems = CASES.slice(0, 2).map(([problem]) => problem);
  expect(describeError(new ChoiceError(problems, []))).toEqual([
    "There is no extension 'foo'.",
    "There is no extension 'foo', did you mean 'fo'? None are installed. Nothing was changed.",
  ]);
});

test('of a choice that was recorded only what is gone is told', () => {
  expect(CASES.map(([problem]) => describeGone(problem)).filter((line) => line !== null)).toEqual([
    "'foo' was chosen for this merge, and is left out now: it is not installed.",
    "'foo' was chosen for this merge, and is left out now: it is not installed.",
    "'f*' was chosen for this merge, and is left out now: it is not installed.",
    "'/x/foo' was chosen for this merge, and is left out now: it is not installed.",
    "'foo' was chosen for this merge, and is left out now: it is masked by '/etc/extensions/foo', a symlink to /dev/null.",
    "'foo' was chosen for this merge, and is left out now: '/etc/extensions/foo' gives none, it is a symlink to nothing (remove it, or make what it points to).",
    "'/srv/x', where this merge also took extensions from, is not there any more.",
    "'/srv/x', where this merge also took extensions from, is no directory any more.",
  ]);
});

test('what --strict does not let pass', () => {
  const error = new StrictError([
    { kind: 'ignored', name: 'old', path: '/v/old', hides: [] },
    { kind: 'empty', name: 'foo', path: '/e/foo', hides: ['/v/foo', '/w/foo'] },
    { kind: 'passed-over', found: { kind: 'dangling', entry: '/e/lost' } },
  ]);
  expect(describeError(error)).toEqual([
    "With --strict nothing may be left out: 'old' does not fit; 'foo' is the empty directory '/e/foo', and hides '/v/foo', '/w/foo'; '/e/lost' gives no extension, it is a symlink to nothing. Nothing was changed.",
  ]);
});

test('nothing from a name reaches the terminal', () => {
  for (const [problem] of CASES) {
    const hostile = makeHostile(problem, ['kind', 'option', 'reason']);
    const lines = describeError(new ChoiceError([hostile], [makeHostile('a', [])]));
    expect(lines?.join('')).not.toMatch(DANGEROUS);
  }
  expect(formatChoice(makeHostile(CHOICE, []))).not.toMatch(DANGEROUS);
});
