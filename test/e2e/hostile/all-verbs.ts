import { DANGEROUS } from '../../report/hostile.js';
import type { CallOptions, Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { succeeded } from '../../support/outcome.js';

/** After so many milliseconds a call is taken for one that never ends, on a machine under load too. */
const ENDLESS = 120_000;

/** Verbs that only look, with the names of images as their arguments where they take any. */
const looks = (names: readonly string[]): string[][] => [
  ['list'],
  ['list', '--verbose'],
  ['list', '--json=short'],
  ['versions'],
  ['versions', '--json=short'],
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

/**
 * Calls all verbs, before a merge, while it lasts and after it: each must come to an end, with an exit status of its own,
 * without dying of a bug, and without a character that a terminal obeys; JSON must be JSON.
 */
export async function callAllVerbs(
  machine: Machine,
  names: readonly string[],
  { as }: Pick<CallOptions, 'as'> = {},
): Promise<void> {
  const call = async (words: readonly string[]): Promise<Finished> => {
    const finished = await machine.call(words, { timeout: ENDLESS, ...(as && { as }) });
    expectHarmless(words, finished);
    return finished;
  };
  await inTurn(looks(names), call);
  succeeded(await call(['merge', '--log-level=debug']));
  await inTurn(looksAtMerge(names), call);
  succeeded(await call(['refresh', '--always-refresh=yes']));
  succeeded(await call(['unmerge']));
}

/** Two at a time: each may want loop devices, of which others on the machine want some as well. */
async function inTurn(
  calls: readonly string[][],
  call: (words: string[]) => Promise<unknown>,
): Promise<void> {
  const ahead = [...calls];
  const work = async (): Promise<void> => {
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) await call(next);
  };
  await Promise.all([work(), work()]);
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
