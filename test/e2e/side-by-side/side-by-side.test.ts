import { type Random, randomOf } from '../../fuzz/random.js';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { succeeded } from '../../support/outcome.js';
import { isStandalone, type ProgramName } from '../../support/program.js';

/** Node takes ten times as long to start. */
const PROCESSES = isStandalone() ? 50 : 12;
const SEED = Number(process.env['SYSEXT_SIDE_BY_SIDE_SEED'] ?? 1);

const TREE = {
  ...HOST,
  'etc/host.conf': 'host\n',
  ...extension('a', { files: { 'opt/a': 'a\n', 'usr/share/a': 'a\n' } }),
  ...confext('c'),
};
const VERBS = ['merge', 'refresh', 'refresh --always-refresh=yes', 'unmerge', 'status --json=short', 'list'];
const CLASSES: readonly ProgramName[] = ['sysext', 'confext'];

interface Call {
  readonly as: ProgramName;
  readonly words: string;
  readonly mayDie: boolean;
  readonly finished: Finished;
}

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: TREE });
});
afterEach(() => machine.close());

/** One of the calls. @param die once in how many calls it is killed, alone or with what it has started */
async function call(random: Random, die: number | null): Promise<Call> {
  const as = random.pick(CLASSES);
  const words = random.pick(VERBS);
  const mayDie = die !== null && random.oneIn(die);
  const after = String((random.below(400) + 10) / 1000);
  const alone = random.oneIn(2) ? ['--foreground'] : [];
  const under = mayDie ? ['timeout', ...alone, '--signal=KILL', after] : [];
  return { as, words, mayDie, finished: await machine.call(words, { as, under }) };
}

/** What it says must be true of the moment at which it had the lock. @returns by how many merges there are more now */
function judge({ words, mayDie, finished: { status, stdout, stderr } }: Call): number {
  if (mayDie && [124, 137].includes(status)) return 0;
  const [verb] = words.split(' ') as [string];
  const says = (text: string) => stderr.includes(text);
  const isRefusal = verb === 'merge' && /^Hierarchy '.*' is already merged\.$/m.test(stderr);
  expect({ words, status, stderr }).toMatchObject({ status: isRefusal ? 1 : 0 });
  if (verb === 'status') JSON.parse(stdout);
  else if (verb !== 'list') expect(stdout).toBe('');
  const undone = says('Finished the unmerge') ? -1 : 0;
  expect(says('Merged extensions')).toBe(
    (verb === 'merge' && !isRefusal) || (verb === 'refresh' && !says('Skipping')),
  );
  return undone + (says('Merged extensions') ? 1 : 0) - (/^Unmerged/m.test(stderr) ? 1 : 0);
}

const merges = () => ({
  sysext: machine.mounts().filter(({ source }) => source === 'sysext').length / 2,
  confext: machine.mounts().filter(({ source }) => source === 'confext').length,
});

test(`${PROCESSES} calls of both classes at the same time come to what they would one after the other`, async () => {
  const before = machine.state();
  const calls = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) => call(randomOf(SEED, index), null)),
  );
  for (const as of CLASSES) {
    const more = calls.filter((each) => each.as === as).map(judge);
    expect(more.reduce((sum, number) => sum + number, 0)).toBe(merges()[as]);
  }
  for (const as of CLASSES) succeeded(await machine.call('unmerge', { as }));
  await machine.expectState(before);
});

test(`of ${PROCESSES} calls some are killed: the others do their work, and another root is not held up`, async () => {
  const before = machine.state();
  for (const as of CLASSES) succeeded(await machine.call('merge', { as }));
  const merged = machine.state();

  const other = await Machine.open({ tree: TREE });
  try {
    const calls = Promise.all(
      Array.from({ length: PROCESSES }, (_, index) => call(randomOf(SEED, PROCESSES + index), 4)),
    );
    for (let count = 0; count < 3; count++)
      for (const verb of ['merge', 'unmerge'])
        succeeded(await machine.call([verb, '--lock-timeout=0'], { root: other.root }));
    for (const each of await calls) judge(each);
  } finally {
    await other.close();
  }

  // Whatever was killed last is put in order by these.
  for (const as of CLASSES) {
    const { status, stderr } = await machine.call('merge --log-level=err', { as });
    expect({ status, stderr }).toEqual(
      status === 0
        ? { status, stderr: '' }
        : { status: 1, stderr: expect.stringContaining('is already merged') },
    );
  }
  const names = ({ mounts }: typeof merged) => mounts.map((line) => line.split(' ', 1)[0]);
  const now = machine.state();
  expect({ mounts: names(now), tree: now.tree, run: now.run }).toEqual({
    mounts: names(merged),
    tree: merged.tree,
    run: merged.run,
  });
  for (const as of CLASSES) succeeded(await machine.call('unmerge', { as }));
  await machine.expectState(before);
});
