import fc from 'fast-check';
import { compareRuns } from './compare.js';
import { scenarios } from './generator/scenarios.js';
import { ASPECTS } from './observation.js';
import { findOracles, findSubject, NO_ORACLE, type Oracle } from './programs.js';
import { Runs, type Step } from './run.js';
import { type Scenario, words } from './scenario.js';

/** A few of always the same sequences; `npm run fuzz:differential` makes others, and more. */
const SEED = Number(process.env['SYSEXT_FUZZ_SEED'] ?? 262);
const COUNT = Number(process.env['SYSEXT_FUZZ_COUNT'] ?? 10);

/** They run side by side, each with a seed of its own: a program waits for others most of the time. */
const LANES = 5;
const EACH = Math.ceil(COUNT / LANES);

const oracle = findOracles().find(({ version }) => version >= 262);

if (oracle === undefined) test.skip(NO_ORACLE, () => {});
else {
  const define = process.getuid?.() === 0 ? (test.concurrent as jest.It) : test.skip;
  for (let lane = 0; lane < LANES; lane += 1) {
    const seed = SEED + lane;
    define(`${EACH} sequences of seed ${seed}, as ${oracle.name}`, () => agree(seed, oracle), timeout());
  }
}

/** Ten seconds for each sequence, and two minutes to make one that fails smaller. */
function timeout(): number {
  return EACH * 10_000 + 120_000;
}

async function agree(seed: number, original: Oracle): Promise<void> {
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    const difference = await compare(scenario, original);
    if (difference !== null) throw new Error(difference);
  });
  const result = await fc.check(property, {
    seed,
    numRuns: EACH,
    // Otherwise half of it is small, and most of that merges nothing.
    unbiased: true,
    interruptAfterTimeLimit: EACH * 10_000 + 60_000,
    markInterruptAsFailure: false,
  });
  if (!result.failed) return;
  const again = `npm run fuzz:differential -- --seed ${seed} --count ${EACH * LANES}`;
  const smallest = JSON.stringify(result.counterexample?.[0], null, 2);
  // An error of Node is none of the class that a test knows as Error.
  const said = (result.errorInstance as Error | null)?.message ?? String(result.errorInstance);
  throw new Error(`They disagree. To see it again: ${again}\n\n${smallest}\n\n${said}`);
}

/** @returns both sides, or `null` where they are the same */
async function compare(scenario: Scenario, original: Oracle): Promise<string | null> {
  const runs = new Runs(scenario);
  try {
    const [theirs, ours] = await Promise.all([runs.by([original]), runs.by([findSubject()])]);
    const end = endOfComparison(ours, theirs);
    const compared = compareRuns(ours.slice(0, end), theirs.slice(0, end), original.version);
    if (compared.subject !== compared.original) return differingLines(compared.original, compared.subject);
    expectNothingChanged(ours.slice(0, end + 1), theirs[end]);
    return null;
  } finally {
    runs.remove();
  }
}

/**
 * How many steps can be compared: until the first that fails, and where the original takes off what was merged, or leaves
 * write directories behind (`failed-refresh`, `failed-merge`). What is done after that is another story.
 */
function endOfComparison(ours: readonly Step[], theirs: readonly Step[]): number {
  const differs = ({ seen }: Step, other: Step | undefined): boolean =>
    ASPECTS.some((aspect) => seen[aspect] !== other?.seen[aspect]);
  const end = theirs.findIndex(
    (step, index) =>
      ['merge', 'refresh'].includes(words(step.call)[0] ?? '') &&
      step.seen.status !== '0' &&
      differs(step, ours[index]),
  );
  return end === -1 ? theirs.length : end;
}

/** What ours does in place of that: it fails as well, and all is as it was before. */
function expectNothingChanged(ours: readonly Step[], theirs: Step | undefined): void {
  const [before, after] = [ours.at(-2), ours.at(-1)];
  if (theirs === undefined || after === undefined) return;
  expect(after.seen).toMatchObject({ status: theirs.seen.status, stdout: theirs.seen.stdout });
  if (before === undefined || after.call.before !== undefined || after.call.script !== undefined) return;
  const { mounts, metadata, tree } = before.seen;
  expect(after.seen).toMatchObject({ mounts, metadata, tree });
}

/** From the first line that differs on, some lines of each. */
function differingLines(original: string, subject: string): string {
  const [theirs, ours] = [original.split('\n'), subject.split('\n')];
  const first = theirs.findIndex((line, index) => line !== ours[index]);
  const from = first === -1 ? theirs.length : first;
  const step = theirs.slice(0, from + 1).findLast((line) => line.startsWith('== '));
  const part = (lines: readonly string[]): string => lines.slice(from, from + 12).join('\n');
  return `after ${step}\nthe original:\n${part(theirs)}\nours:\n${part(ours)}`;
}
