import { DANGEROUS } from '../../report/hostile.js';
import type { CallOptions, Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';

/** How long a call may take, in milliseconds, with what is hostile: it must come to an end, on a machine under load too. */
const DEADLINE = 30_000;

/** Verbs that only look, with the names of images as their arguments where they take any. */
const looks = (names: readonly string[]): string[][] => [
  ['list'],
  ['list', '--verbose'],
  ['list', '--json=short'],
  ['status', '--verbose'],
  ['status', '--json=pretty'],
  ['explain'],
  ['explain', '--json=short'],
  ['explain', '--', ...names],
  ['plan', 'merge'],
  ['plan', 'merge', '--format=sh'],
  ['plan', 'refresh', '--diff'],
  ['plan', 'unmerge', '--json=pretty'],
  ['plan', 'merge', '--json=pretty'],
  ['which', '/usr', '/usr/bin/sh', '/etc/passwd', ...names.map((name) => `/usr/share/${name}`)],
  ...names.flatMap((name) => [
    ['files', '--planned', '--', name],
    ['check', '--', name],
    ['check', '--json=pretty', '--', name],
    ['check', '--format=sarif', '--', name],
    ['check', '--format=github', '--', name],
    ['inspect', '--', name],
    ['inspect', '--json=short', '--', name],
  ]),
  ['conflicts'],
  ['conflicts', '--json=pretty'],
  ['graph'],
  ['graph', '--format=dot'],
  ['doctor', '--json=short'],
];

/** What depends on what is merged. */
const looksAtMerge = (names: readonly string[]): string[][] => [
  ['status', '--verbose'],
  ['status', '--json=pretty'],
  ['plan', 'refresh', '--diff'],
  ['plan', 'unmerge', '--format=sh'],
  ['which', '--all', '/usr', '/opt', '--json=short'],
  ...names.flatMap((name) => [
    ['files', '--', name],
    ['files', '--json=short', '--', name],
  ]),
  ['conflicts'],
  ['graph', '--json=short'],
  ['doctor'],
];

const WRITES = [['merge', '--log-level=debug'], ['refresh', '--always-refresh=yes'], ['unmerge']];

/**
 * Calls all verbs, before a merge, while it lasts and after it: each must come to an end, with an exit status of its own,
 * without dying of a bug, and without a character that a terminal obeys; JSON must be JSON.
 *
 * @param expected what a verb that writes must end with
 */
export async function callAllVerbs(
  machine: Machine,
  names: readonly string[],
  { as, expected = 0 }: Pick<CallOptions, 'as'> & { readonly expected?: number } = {},
): Promise<void> {
  const call = async (words: readonly string[]): Promise<Finished> => {
    const began = Date.now();
    const finished = await machine.call(words, as === undefined ? {} : { as });
    expectHarmless(words, finished);
    expect(Date.now() - began).toBeLessThan(DEADLINE);
    return finished;
  };
  const [merge, refresh, unmerge] = WRITES as [string[], string[], string[]];
  await Promise.all(looks(names).map(call));
  expect(await call(merge)).toMatchObject({ status: expected });
  await Promise.all(looksAtMerge(names).map(call));
  expect(await call(refresh)).toMatchObject({ status: expected });
  expect(await call(unmerge)).toMatchObject({ status: 0 });
}

/** @throws the error of a failed assertion, with the words of the call in it */
export function expectHarmless(words: readonly string[], { status, stdout, stderr }: Finished): void {
  const said = { words, status, stdout, stderr };
  // What a bug leaves, a wrong word on the command line, and a call that was killed.
  const isKnown =
    [0, 1, 2].includes(status) && !/^\s+at .*:\d+:\d+|native code|^Unknown (option|command)/m.test(stderr);
  if (!isKnown) expect(said).toBe('a call that ends by itself, and knows what it says');
  const isJson = words.some((word) => word.startsWith('--json') || word.includes('sarif'));
  const lines = `${stdout}\n${stderr}`.split('\n');
  // The layout of JSON, and of the scripts of plan, has tabs.
  const plain = lines.map((line) =>
    isJson || words.includes('--format=sh') ? line.replace(/\t/g, '') : line,
  );
  if (plain.some((line) => DANGEROUS.test(line))) expect(said).toBe('text that no terminal obeys');
  if (isJson && stdout !== '') {
    try {
      JSON.parse(stdout);
    } catch (error) {
      expect({ ...said, error }).toBe('JSON');
    }
  }
}
