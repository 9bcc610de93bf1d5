import { readCommandLine } from '../../src/cli/command-line.js';
import { mergeStatus } from '../../src/cli/exit-status.js';
import { UsageError } from '../../src/cli/usage-error.js';
import { EVERYTHING } from '../../src/overlay/choice.js';

const read = async (words: string) => (await readCommandLine(words.split(' '), 'sysext', {})).merging;

async function failure(words: string): Promise<string> {
  const error: unknown = await read(words).catch((thrown: unknown) => thrown);
  if (error instanceof UsageError) return error.message;
  throw new Error(`${words}: no UsageError`, { cause: error });
}

const NONE = {
  choice: null,
  forgetsChoice: false,
  locked: null,
  keepGoing: false,
  strict: false,
  exitCode: false,
};

test('nothing is chosen, and nothing more asked for', async () => {
  for (const words of ['merge', 'refresh', 'plan', 'plan unmerge', 'which /a --all', 'unmerge'])
    expect(await read(words)).toEqual(NONE);
});

test('names, patterns, places and an order', async () => {
  const words =
    'b a b --only=x* --only y --only=y --except=z --from=/s --from t --order=b,a --exit-code --strict';
  const choice = {
    names: ['b', 'a'],
    only: ['x*', 'y'],
    except: ['z'],
    from: ['/s', 't'],
    order: ['b', 'a'],
  };
  expect(await read(`merge ${words}`)).toEqual({ ...NONE, choice, exitCode: true, strict: true });
  expect(await read('plan refresh a --keep-going')).toEqual({
    ...NONE,
    choice: { ...EVERYTHING, names: ['a'] },
    keepGoing: true,
  });
  expect((await read('graph --order=a')).choice).toEqual({ ...EVERYTHING, order: ['a'] });
  // These are not what the next merge is to take.
  expect((await read('explain a --only=b')).choice).toEqual({ ...EVERYTHING, only: ['b'] });
  expect((await read('which /a --only=b')).choice).toEqual({ ...EVERYTHING, only: ['b'] });
  expect(await read('merge --locked=f --from=/s --strict')).toEqual({
    ...NONE,
    choice: { ...EVERYTHING, from: ['/s'] },
    locked: 'f',
    strict: true,
  });
  expect(await read('refresh --all')).toEqual({ ...NONE, forgetsChoice: true });
});

test.each([
  ['merge --keep-going --strict', /^The options --keep-going and --strict contradict each other/],
  ['refresh --all a', /^The option --all takes all that is installed/],
  ['refresh --all --except=a', /^The option --all takes all that is installed/],
  ['merge --all', /^The option --all is for the commands 'refresh', 'plan', 'which' only\.$/],
  ['plan merge --all', /^The option --all is for 'refresh'/],
  ['merge --locked=', /^Option '--locked' needs a value/],
  ['merge --locked=f a', /^The option --locked= says just what is merged/],
  ['refresh --locked=f --order=a', /^The option --locked= says just what is merged/],
  ['refresh --locked=f --all', /^The option --locked= says just what is merged/],
  ['plan --locked=f --keep-going', /^The option --locked= says just what is merged/],
  ['plan unmerge --locked=f', /^There is nothing to choose for the command 'unmerge'/],
  ['status --locked=f', /^The option --locked= is for the commands 'merge', 'refresh', 'plan' only\.$/],
  ['verify --output=f', /^The option --output= is for the commands 'pack', 'lock' only\.$/],
  ['lock --lock=f', /^The option --lock= is for the command 'verify' only\.$/],
  ['lock --json=short', /^The option --json= does nothing for the command 'lock'\.$/],
  ['verify --force', /^The option --force does nothing for the command 'verify'\.$/],
  ['lock --mutable=no', /^The option --mutable= does nothing for the command 'lock'\.$/],
  ['plan unmerge a', /^Too many arguments\.$/],
  ['plan unmerge --only=a', /^There is nothing to choose for the command 'unmerge'/],
  ['plan unmerge --strict', /^There is nothing to choose for the command 'unmerge'/],
  ['plan a', /^Unknown argument to command verb 'plan': a/],
  ['merge --only=', /^Option '--only' needs a value/],
  ['merge --from=', /^Option '--from' needs a value/],
  ['merge --order=', /^Failed to parse names in '--order': $/],
  ['merge --order=a,,b', /^Failed to parse names in '--order': a,,b$/],
  ['merge --order=a,b,a', /^Option '--order' has 'a' twice\.$/],
  ['unmerge a', /^Too many arguments\.$/],
  ['unmerge --only=a', /^The option --only= is for the commands 'merge', /],
  ['explain --order=a', /^The option --order= is for the commands 'merge', /],
  ['status --strict', /^The option --strict is for the commands 'merge', 'refresh', 'plan' only\.$/],
  ['plan --exit-code', /^The option --exit-code is for the commands 'merge', 'refresh' only\.$/],
])('%s: %s', async (words, message) => {
  expect(await failure(words)).toMatch(message);
});

const ALL = { merged: 2, ignored: 0, skipped: 0, isUnchanged: false };

test.each([
  [ALL, 0, 0],
  [{ ...ALL, isUnchanged: true }, 0, 6],
  [{ ...ALL, ignored: 1, isUnchanged: true }, 0, 5],
  [{ ...ALL, merged: 0, ignored: 1 }, 0, 4],
  [{ ...ALL, merged: 0 }, 0, 4],
  [{ ...ALL, ignored: 1, skipped: 1 }, 3, 3],
  [{ ...ALL, merged: 0, skipped: 1 }, 3, 3],
])('%j: exit status %d, with --exit-code %d', (outcome, plain, more) => {
  expect(mergeStatus(outcome, NONE)).toBe(plain);
  expect(mergeStatus(outcome, { ...NONE, exitCode: true })).toBe(more);
});
